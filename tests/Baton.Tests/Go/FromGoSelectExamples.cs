using System.Threading.Channels;

namespace Baton.Tests.Go;

/// <summary>As <see cref="FromGoExamples"/>, for selects over channels and tasks.</summary>
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
    public async Task Send()
    {
        var clock = new FakeTimeProvider();
        using var ctx = Context.Root(clock).WithCancel();
        var timeout = TimeSpan.FromSeconds(1);
        var channel = Channel.CreateBounded<string>(1);
        Assert.Equal("sent", await SayAsync(channel.Writer, "first"));

        var waiting = SayAsync(channel.Writer, "second");
        clock.Advance(timeout);
        Assert.Equal("time is up", await WaitFor.Result(waiting));
        ctx.Cancel();
        Assert.Equal("context canceled", await SayAsync(channel.Writer, "third"));
        Assert.Equal(["first"], Drain(channel));

        async Task<string> SayAsync(ChannelWriter<string> output, string item)
        {
            // from-go: select that sends
            switch (await Select.Send(output, item).After(timeout).Done(ctx))
            {
                case 0:
                    return "sent";
                case 1:
                    return "time is up";
                default:
                    return ctx.Err!.Message;
            }
            // end
        }
    }

    [Fact]
    public async Task TrySend()
    {
        var channel = Channel.CreateBounded<string>(1);
        var output = channel.Writer;
        var dropped = 0;
        foreach (var item in new[] { "first", "second", "third" })
        {
            // from-go: select that tries to send
            if (await Select.Send(output, item).Default() == 1)
            {
                dropped++;
            }
            // end
        }

        Assert.Equal(2, dropped);
        Assert.Equal(["first"], Drain(channel));
    }

    [Fact]
    public async Task ReceiveOrSend()
    {
        using var ctx = Context.Background.WithCancel();
        var (input, output) = (Channel.CreateUnbounded<string>(), Channel.CreateBounded<string>(1));
        var log = new List<string>();
        await SelectAsync(input.Reader, output.Writer, "next");
        input.Writer.TryWrite("item");
        await SelectAsync(input.Reader, output.Writer, "never");
        input.Writer.Complete();
        await SelectAsync(input.Reader, output.Writer, "never");
        ctx.Cancel();
        await SelectAsync(Channel.CreateUnbounded<string>().Reader, output.Writer, "never");
        Assert.Equal(["sent next", "received item", "the end", "done"], log);

        async Task SelectAsync(ChannelReader<string> input, ChannelWriter<string> output, string next)
        {
            // from-go: select that receives or sends
            switch (await Select.Receive(input, out var received).Send(output, next).Done(ctx))
            {
                case 0 when received.HasItem:
                    log.Add($"received {received.Item}");
                    break;
                case 0:
                    log.Add("the end");
                    break;
                case 1:
                    log.Add($"sent {next}");
                    break;
                case 2:
                    log.Add("done");
                    break;
            }
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
            var cases = Select.Receive(input, out var received).Completed(work);
            while (await cases == 0 && received.HasItem)
            {
                handle(received.Item);
            }
            // end
        }
    }

    [Fact]
    public async Task FanIn()
    {
        using var ctx = Context.Background.WithCancel();
        var (orders, returns) = (new CountingReader<string>(), new CountingReader<string>());
        var handled = new List<string>();
        var loop = LoopAsync(orders, returns, handled.Add);
        orders.Add("order");
        orders.End();
        await WaitFor.True(() => (orders.Waiting, returns.Waiting) == (0, 1));
        returns.Add("return");
        returns.End();
        await WaitFor.Completion(loop);
        Assert.Equal(["order", "return"], handled);

        async Task LoopAsync(
            ChannelReader<string> orders, ChannelReader<string> returns, Action<string> handle)
        {
            // from-go: select over inputs that end
            var (hasOrders, hasReturns) = (true, true);
            while (hasOrders || hasReturns)
            {
                switch (await Select
                    .Receive(orders, out var order, when: hasOrders)
                    .Receive(returns, out var back, when: hasReturns)
                    .Done(ctx))
                {
                    case 0 when order.HasItem:
                        handle(order.Item);
                        break;
                    case 0:
                        hasOrders = false;
                        break;
                    case 1 when back.HasItem:
                        handle(back.Item);
                        break;
                    case 1:
                        hasReturns = false;
                        break;
                    case 2:
                        return;
                }
            }
            // end
        }
    }

    [Fact]
    public async Task Queue()
    {
        var (input, output) = (Channel.CreateUnbounded<string>(), Channel.CreateBounded<string>(1));
        var items = new[] { "a", "b", "c" };
        var loop = LoopAsync(input.Reader, output.Writer);
        foreach (var item in items)
        {
            input.Writer.TryWrite(item);
        }

        input.Writer.Complete();
        foreach (var item in items)
        {
            Assert.Equal(item, await WaitFor.Result(output.Reader.ReadAsync().AsTask()));
        }

        await WaitFor.Completion(loop);

        static async Task LoopAsync(ChannelReader<string> input, ChannelWriter<string> output)
        {
            // from-go: select with a nil channel
            var queue = new Queue<string>();
            var hasInput = true;
            while (hasInput || queue.Count > 0)
            {
                queue.TryPeek(out var next);
                switch (await Select
                    .Receive(input, out var received, when: hasInput)
                    .Send(output, next!, when: queue.Count > 0))
                {
                    case 0 when received.HasItem:
                        queue.Enqueue(received.Item);
                        break;
                    case 0:
                        hasInput = false;
                        break;
                    case 1:
                        queue.Dequeue();
                        break;
                }
            }
            // end
        }
    }

    private static List<string> Drain(Channel<string> channel)
    {
        var items = new List<string>();
        while (channel.Reader.TryRead(out var item))
        {
            items.Add(item);
        }

        return items;
    }
}
