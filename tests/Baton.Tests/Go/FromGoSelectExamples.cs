using System.Threading.Channels;

namespace Baton.Tests.Go;

/// <summary>As <see cref="FromGoExamples"/>: selects over channels and tasks.</summary>
public sealed class FromGoSelectExamples
{
    [Fact]
    public async Task Receive()
    {
        using var ctx = Context.Background.WithCancel();
        var channel = Channel.CreateUnbounded<string>();
        channel.Writer.TryWrite("item");
        Assert.Equal("item", await SayAsync(channel.Reader));

        channel.Writer.Complete();
        Assert.Equal("the end", await SayAsync(channel.Reader));
        ctx.Cancel();
        Assert.Equal("context canceled", await SayAsync(Channel.CreateUnbounded<string>().Reader));

        async Task<string> SayAsync(ChannelReader<string> input)
        {
            // from-go: select that receives
            switch (await Select.Receive(input, out var received).Done(ctx))
            {
                case 0:
                    return received.HasItem ? received.Item : "the end";
                default:
                    return ctx.Err!.Message;
            }
            // end
        }
    }

    [Fact]
    public async Task Handlers()
    {
        using var ctx = Context.Background.WithCancel();
        var (input, output) = (Channel.CreateUnbounded<string>().Reader,
            Channel.CreateBounded<string>(1).Writer);
        var next = "next";
        var log = new List<string>();
        await SelectAsync();
        ctx.Cancel();
        await SelectAsync();
        Assert.Equal(["sent next", "done"], log);

        async Task SelectAsync()
        {
            // from-go: select with handlers
            await Select
                .Receive(input, (item, ok) => log.Add($"received {item} {ok}"))
                .Send(output, next, () => log.Add($"sent {next}"))
                .Done(ctx, () => log.Add("done"));
            // end
        }
    }

    [Fact]
    public async Task Loop()
    {
        var channel = Channel.CreateUnbounded<string>();
        var handled = new List<string>();
        var work = new TaskCompletionSource();
        var loop = LoopAsync(channel.Reader, work.Task, handled.Add);
        channel.Writer.TryWrite("a");
        channel.Writer.TryWrite("b");
        await WaitFor.True(() => channel.Reader.Count == 0);
        work.SetResult();
        await WaitFor.Completion(loop);
        Assert.Equal(["a", "b"], handled);

        static async Task LoopAsync(ChannelReader<string> input, Task work, Action<string> handle)
        {
            // from-go: select in a loop
            var cases = Select.Receive(input, out var received).Task(work);
            while (await cases == 0 && received.HasItem)
            {
                handle(received.Item);
            }
            // end
        }
    }
}
