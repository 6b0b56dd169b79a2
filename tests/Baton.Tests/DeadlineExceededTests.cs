namespace Baton.Tests;

public sealed class DeadlineExceededTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly Context _root;

    public DeadlineExceededTests() => _root = Context.Root(_clock);

    [Fact]
    public void It_names_the_timeout_the_deadline_and_the_context_that_set_it()
    {
        using var ctx = _root.WithTimeout(s_second);
        var deadline = _clock.GetUtcNow() + s_second;
        _clock.Advance(s_second);

        var e = Assert.Throws<DeadlineExceededException>(ctx.ThrowIfDone);

        Assert.Equal(s_second, e.Timeout);
        Assert.Equal(deadline, e.Deadline);
        Assert.Equal(TimeSpan.Zero, e.Lateness);
        Assert.Equal(ctx.ToString(), e.Origin);
    }

    [Fact]
    public void It_tells_how_late_the_deadline_was_noticed()
    {
        var clock = new LateClock();
        using var ctx = Context.Root(clock).WithTimeout(s_second);

        clock.Advance(s_second + LateClock.Lateness);

        Assert.Equal(LateClock.Lateness, Assert.IsType<DeadlineExceededException>(ctx.Err).Lateness);
    }

    [Fact]
    public void For_a_deadline_given_as_an_instant_the_timeout_is_what_was_left_then()
    {
        using var ctx = _root.WithDeadline(_clock.GetUtcNow() + s_second);
        using var past = _root.WithDeadline(_clock.GetUtcNow() - s_second);
        _clock.Advance(s_second);

        Assert.Equal(s_second, Assert.IsType<DeadlineExceededException>(ctx.Err).Timeout);
        var e = Assert.IsType<DeadlineExceededException>(past.Err);
        Assert.Equal(-s_second, e.Timeout);
        Assert.Equal(s_second, e.Lateness);
    }

    [Fact]
    public void A_parent_s_earlier_deadline_that_swallowed_the_child_s_is_named_as_the_parent_s()
    {
        using var parent = _root.WithTimeout(s_second);
        using var child = parent.WithTimeout(TimeSpan.FromHours(1)).WithCancel();
        _clock.Advance(s_second);

        var e = Assert.Throws<DeadlineExceededException>(child.ThrowIfDone);

        Assert.Equal(s_second, e.Timeout);
        Assert.Equal(parent.ToString(), e.Origin);
    }

    [Fact]
    public void A_merged_context_names_the_deadline_that_came_along_with_the_token()
    {
        using var other = _root.WithTimeout(s_second);
        using var merged = _root.WithCancel(other.Done);
        _clock.Advance(s_second);

        Assert.Equal(s_second, Assert.IsType<DeadlineExceededException>(merged.Err).Timeout);
    }

    /// <summary>A clock whose timers fire late.</summary>
    private sealed class LateClock : FakeTimeProvider
    {
        internal static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(3);

        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new LateTimer(base.CreateTimer(callback, state, dueTime, period));

        private sealed class LateTimer(ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) =>
                timer.Change(dueTime < TimeSpan.Zero ? dueTime : dueTime + Lateness, period);

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
