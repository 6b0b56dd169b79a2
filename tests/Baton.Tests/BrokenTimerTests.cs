namespace Baton.Tests;

public sealed class BrokenTimerTests
{
    [Fact]
    public async Task A_timer_that_throws_does_not_stop_a_cancellation_half_way()
    {
        var clock = new BrokenClock();
        var parent = Context.Root(clock).WithCancel();
        var timed = parent.WithTimeout(TimeSpan.FromHours(1));
        var sibling = parent.WithCancel();
        clock.IsBroken = true;

        _ = Record.Exception(parent.Cancel);
        await WaitFor.Completion(Task.Run(parent.Cancel));

        Assert.True(parent.IsDone && timed.IsDone && sibling.IsDone);
    }

    [Fact]
    public async Task A_select_gives_the_exception_of_a_timer_to_the_await_and_leaves_nothing_behind()
    {
        var clock = new BrokenClock { IsBroken = true };
        using var ctx = Context.Root(clock).WithCancel();

        var select = Select.Done(ctx).After(TimeSpan.FromHours(1)).AsTask();

        Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidOperationException>(() =>
            WaitFor.Result(select))).Message);
        Assert.Equal((0, 0, 0), (ctx.ChildCount, ctx.CallbackCount, ctx.Queue.Count));
    }

    private sealed class BrokenClock : TimeProvider
    {
        public bool IsBroken { get; set; }

        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new BrokenTimer(this);

        private sealed class BrokenTimer(BrokenClock clock) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) =>
                clock.IsBroken ? throw new InvalidOperationException("broken") : true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
