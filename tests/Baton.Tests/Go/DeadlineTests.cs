namespace Baton.Tests.Go;

public sealed class DeadlineTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_long = TimeSpan.FromHours(1000);
    private static readonly ContextKey<string> s_key = new("key");

    private readonly FakeTimeProvider _clock = new();
    private readonly Context _root;

    public DeadlineTests() => _root = Context.Root(_clock);

    private DateTimeOffset Now => _clock.GetUtcNow();

    [Fact]
    [GoTest(13)]
    public void A_child_with_a_timeout_leaves_its_parent_when_canceled()
    {
        using var parent = _root.WithCancel();
        Assert.Equal(0, parent.ChildCount);
        using var child = parent.WithTimeout(TimeSpan.FromMinutes(60));
        Assert.Equal(1, parent.ChildCount);
        Assert.Equal(1, parent.Queue.Count);

        child.Cancel();

        Assert.Equal(0, parent.ChildCount);
        Assert.Equal(0, parent.Queue.Count);
        ContextAssert.Live(parent);
    }

    [Fact]
    [GoTest(15)]
    public void A_deadline_prints_the_instant_and_the_time_left()
    {
        using var plain = Context.Background.WithDeadline(TimeProvider.System.GetUtcNow() + s_long);
        using var ctx = _root.WithCancel().WithDeadline(Now + TimeSpan.FromSeconds(2));

        _clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.StartsWith("Background.WithDeadline(", plain.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(
            ".WithCancel.WithDeadline(2000-01-01 00:00:02 +00:00 [1.9s left])", ctx.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    [GoTest(16)]
    public void A_deadline_ends_the_context_when_the_clock_reaches_it_and_not_before()
    {
        using var ctx = _root.WithDeadline(Now + s_short);

        _clock.Advance(s_short - TimeSpan.FromTicks(1));
        ContextAssert.Live(ctx);

        _clock.Advance(TimeSpan.FromTicks(1));
        ContextAssert.Exceeded(ctx);
        Assert.Equal(0, ctx.Queue.Count);
    }

    [Fact]
    public void Deadlines_a_tick_apart_pass_a_tick_apart()
    {
        using var first = _root.WithDeadline(Now + s_short);
        using var second = _root.WithDeadline(Now + s_short + TimeSpan.FromTicks(1));

        _clock.Advance(s_short);
        ContextAssert.Exceeded(first);
        ContextAssert.Live(second);

        _clock.Advance(TimeSpan.FromTicks(1));
        ContextAssert.Exceeded(second);
    }

    [Fact]
    [GoTest(17)]
    public void A_deadline_ends_what_is_stacked_on_it()
    {
        using var ctx = _root.WithDeadline(Now + s_short);
        var wrapped = ctx.WithValue(s_key, "value");
        ContextAssert.Live(wrapped);

        _clock.Advance(s_short);

        ContextAssert.Exceeded(wrapped);
        Assert.Equal(ctx.Deadline, wrapped.Deadline);
    }

    [Fact]
    [GoTest(18)]
    public void A_parents_earlier_deadline_ends_a_child_with_a_later_one()
    {
        using var parent = _root.WithDeadline(Now + s_short);
        using var child = parent.WithValue(s_key, "value").WithDeadline(Now + s_long);

        _clock.Advance(s_short);

        ContextAssert.Exceeded(child);
        Assert.Equal(parent.Deadline, child.Deadline);
    }

    [Fact]
    [GoTest(19)]
    public void A_deadline_in_the_past_is_exceeded_from_the_start()
    {
        using var ctx = _root.WithDeadline(Now - TimeSpan.FromMilliseconds(1));

        ContextAssert.Exceeded(ctx);
        Assert.Equal(Now - TimeSpan.FromMilliseconds(1), ctx.Deadline);
        Assert.Equal(TimeSpan.Zero, ctx.Remaining);
    }

    [Fact]
    [GoTest(20)]
    public void A_deadline_that_is_now_is_exceeded_from_the_start()
    {
        using var ctx = _root.WithDeadline(Now);

        ContextAssert.Exceeded(ctx);
    }

    [Fact]
    [GoTest(21)]
    public void A_timeout_prints_as_a_deadline()
    {
        using var plain = Context.Background.WithTimeout(s_long);
        using var ctx = _root.WithTimeout(TimeSpan.FromSeconds(2));

        Assert.StartsWith("Background.WithDeadline(", plain.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(
            ".WithDeadline(2000-01-01 00:00:02 +00:00 [2s left])", ctx.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [GoTest(22)]
    public void A_timeout_ends_the_context_after_that_long_and_not_before()
    {
        using var ctx = _root.WithTimeout(s_short);

        _clock.Advance(s_short - TimeSpan.FromTicks(1));
        ContextAssert.Live(ctx);

        _clock.Advance(TimeSpan.FromTicks(1));
        ContextAssert.Exceeded(ctx);
    }

    [Fact]
    [GoTest(23)]
    public void A_timeout_ends_what_is_stacked_on_it()
    {
        using var ctx = _root.WithTimeout(s_short);
        var wrapped = ctx.WithValue(s_key, "value");
        ContextAssert.Live(wrapped);

        _clock.Advance(s_short);

        ContextAssert.Exceeded(wrapped);
    }

    [Fact]
    [GoTest(24)]
    public void A_parents_shorter_timeout_ends_a_child_with_a_longer_one()
    {
        using var parent = _root.WithTimeout(s_short);
        using var child = parent.WithValue(s_key, "value").WithTimeout(s_long);

        _clock.Advance(s_short);

        ContextAssert.Exceeded(child);
        Assert.Same(parent.Err, child.Err);
    }

    [Fact]
    [GoTest(25)]
    public void Canceling_before_any_deadline_is_a_cancellation()
    {
        using var parent = _root.WithTimeout(TimeSpan.FromSeconds(1));
        using var child = parent.WithValue(s_key, "value").WithTimeout(s_long);

        child.Cancel();
        ContextAssert.Canceled(child);
        ContextAssert.Live(parent);

        _clock.Advance(TimeSpan.FromSeconds(1));
        ContextAssert.Canceled(child);
        ContextAssert.Exceeded(parent);
    }

    [Fact]
    [GoTrap(1)]
    public void Under_a_strictly_earlier_deadline_a_child_keeps_none_of_its_own()
    {
        using var parent = _root.WithTimeout(s_short);
        using var child = parent.WithTimeout(s_short + TimeSpan.FromTicks(1), new TimeoutException("own"));

        Assert.Equal(1, child.Queue.Count);
        Assert.Equal(parent.Deadline, child.Deadline);
        Assert.EndsWith("left]).WithCancel", child.ToString(), StringComparison.Ordinal);
        _clock.Advance(s_short);
        ContextAssert.Exceeded(child);
    }

    [Fact]
    [GoTrap(1)]
    public void Under_an_equal_deadline_a_child_keeps_its_own_and_the_older_passes_first()
    {
        var cause = new TimeoutException("parent");
        using var parent = _root.WithTimeout(s_short, cause);
        using var child = parent.WithDeadline(Now + s_short, new TimeoutException("child"));
        Assert.Equal(2, child.Queue.Count);
        Assert.Equal(parent.Deadline, child.Deadline);
        Assert.EndsWith("left])", child.ToString(), StringComparison.Ordinal);

        _clock.Advance(s_short);

        ContextAssert.Exceeded(child, cause);
        Assert.Equal(0, child.Queue.Count);
    }

    [Fact]
    public void The_timeout_of_minus_one_millisecond_is_none()
    {
        using var ctx = _root.WithTimeout(Timeout.InfiniteTimeSpan);
        using var negative = _root.WithTimeout(TimeSpan.FromMilliseconds(-2));

        ContextAssert.Live(ctx);
        Assert.Null(ctx.Deadline);
        ContextAssert.Exceeded(negative);
    }

    [Fact]
    [GoTrap(2)]
    public void A_parent_that_is_done_wins_over_a_deadline_that_has_passed()
    {
        var cause = new InvalidOperationException("stop");
        using var parent = _root.WithCancel();
        parent.Cancel(cause);

        using var child = parent.WithTimeout(TimeSpan.FromSeconds(-1), new TimeoutException("own"));

        ContextAssert.Canceled(child, cause);
        Assert.Equal(Now - TimeSpan.FromSeconds(1), child.Deadline);
        Assert.Equal(0, child.Queue.Count);
    }
}
