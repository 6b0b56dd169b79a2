using System.Threading.Channels;

namespace Baton.Tests;

/// <summary>A select leaves nothing behind.</summary>
[Collection(nameof(Alone))]
public sealed class SelectLeakTests
{
    private const int Rounds = 100_000;
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Cases_that_lose_leave_nothing_behind()
    {
        using var parent = Context.Root(new FakeTimeProvider()).WithCancel();
        var quiet = new CountingReader<int>();
        var items = new CountingReader<int>();
        var never = new Signal();
        var cases = Select.After(s_hour).Done(parent).Receive(quiet).Receive(items, out var received)
            .Completed(never.Task);
        for (var i = 0; i < Rounds; i++)
        {
            var select = cases.AsTask();
            items.Add(i);

            Assert.Equal(3, await select);
            Assert.Equal(i, received.Item);
            Assert.Equal((0, 0), (quiet.Waiting, items.Waiting));
            Assert.Equal((0, 0, 0), (parent.CallbackCount, parent.ChildCount, parent.Queue.Count));
        }

        Assert.Equal(Rounds, quiet.WaitsEver);
    }

    [Fact]
    public async Task A_wait_on_a_channel_that_loses_keeps_no_memory()
    {
        using var parent = Context.Background.WithCancel();
        var empty = Channel.CreateUnbounded<int>();
        var full = Channel.CreateBounded<int>(1);
        var never = new Signal();
        full.Writer.TryWrite(1);
        await LoseAsync(1_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await LoseAsync(20_000);

        // If each wait kept as little as one word, that would be a hundred times as much.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 400_000);
        Assert.Equal(0, parent.ChildCount);

        async Task LoseAsync(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                using var ctx = parent.WithCancel();
                var select = Select.Receive(empty.Reader).Send(full.Writer, 2).Completed(never.Task)
                    .Done(ctx).AsTask();
                ctx.Cancel();
                Assert.Equal(3, await select);
            }
        }
    }

    [Fact]
    public async Task A_done_context_that_lost_is_not_touched()
    {
        using var ctx = Context.Background.WithCancel();
        var select = Select.Done(ctx).Completed(Task.CompletedTask);
        var waiting = Select.Done(ctx).After(s_hour).AsTask();

        Assert.Equal(1, await select);

        Assert.Equal((0, 1), (ctx.CallbackCount, ctx.ChildCount));
        Assert.False(ctx.IsDone);
        ctx.Cancel();
        Assert.Equal(0, await WaitFor.Result(waiting));
    }

    [Fact]
    public async Task A_case_that_throws_while_others_wait_releases_them()
    {
        using var parent = Context.Root(new FakeTimeProvider()).WithCancel();
        var quiet = new CountingReader<int>();
        var full = Channel.CreateBounded<int>(1);
        full.Writer.TryWrite(1);
        var select = Select.After(s_hour).Done(parent).Receive(quiet).Send(full.Writer, 2).AsTask();
        Assert.Equal((1, 1), (parent.CallbackCount, quiet.Waiting));

        full.Writer.Complete();

        await Assert.ThrowsAsync<ChannelClosedException>(() => WaitFor.Completion(select));
        Assert.Equal((0, 0, 0), (parent.CallbackCount, parent.Queue.Count, quiet.Waiting));
    }
}
