namespace Baton.Tests;

public sealed class WithDeadlineTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly Context _root;

    public WithDeadlineTests() => _root = Context.Root(_clock);

    [Fact]
    public void A_deadline_in_the_past_is_exceeded_on_return()
    {
        var cause = new TimeoutException();
        var past = _clock.GetUtcNow().AddDays(-1);

        using var ctx = _root.WithDeadline(past, cause);

        Assert.Equal(past, Assert.IsType<DeadlineExceededException>(ctx.Err).Deadline);
        Assert.Same(cause, ctx.Cause);
        Assert.Equal(past, ctx.Deadline);
        Assert.Equal(TimeSpan.Zero, ctx.Remaining);
        Assert.Equal(0, ctx.Queue.Count);
    }

    [Fact]
    public void A_deadline_that_is_now_is_exceeded_on_return()
    {
        using var ctx = _root.WithDeadline(_clock.GetUtcNow());

        Assert.IsType<DeadlineExceededException>(ctx.Err);
    }

    [Fact]
    public void One_millisecond_ago_does_not_read_as_infinite()
    {
        using var ctx = _root.WithDeadline(_clock.GetUtcNow() + Timeout.InfiniteTimeSpan);

        Assert.IsType<DeadlineExceededException>(ctx.Err);
        Assert.NotNull(ctx.Deadline);
    }

    [Fact]
    public void The_first_instant_of_all_is_exceeded_and_stays_what_it_is()
    {
        using var ctx = _root.WithDeadline(DateTimeOffset.MinValue);
        _clock.Advance(TimeSpan.FromDays(1));

        Assert.IsType<DeadlineExceededException>(ctx.Err);
        Assert.Equal(DateTimeOffset.MinValue, ctx.Deadline);
        Assert.Equal(TimeSpan.Zero, ctx.Remaining);
    }

    [Fact]
    public void The_last_instant_of_all_never_comes()
    {
        using var ctx = _root.WithDeadline(DateTimeOffset.MaxValue);
        var left = DateTimeOffset.MaxValue - _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromDays(365 * 1000));

        Assert.False(ctx.IsDone);
        Assert.Equal(DateTimeOffset.MaxValue, ctx.Deadline);
        Assert.Equal(left - TimeSpan.FromDays(365 * 1000), ctx.Remaining);
    }

    [Fact]
    public void The_first_and_the_last_instant_are_taken_on_the_systems_clock()
    {
        using var first = Context.Background.WithDeadline(DateTimeOffset.MinValue);
        using var last = Context.Background.WithDeadline(DateTimeOffset.MaxValue);

        Assert.IsType<DeadlineExceededException>(first.Err);
        Assert.False(last.IsDone);
    }

    [Fact]
    public void A_deadline_from_another_time_zone_is_the_same_instant_in_universal_time()
    {
        var deadline = _clock.GetUtcNow().AddSeconds(3).ToOffset(TimeSpan.FromHours(9));

        using var ctx = _root.WithDeadline(deadline);
        Assert.Equal(TimeSpan.FromSeconds(3), ctx.Remaining);
        Assert.Equal(deadline, ctx.Deadline);
        Assert.Equal(TimeSpan.Zero, ctx.Deadline!.Value.Offset);

        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.True(ctx.IsDone);
    }

    [Fact]
    public void A_later_deadline_than_the_parents_changes_nothing()
    {
        using var parent = _root.WithDeadline(_clock.GetUtcNow().AddSeconds(1));

        using var child = parent.WithDeadline(DateTimeOffset.MaxValue, new TimeoutException());

        Assert.Equal(parent.Deadline, child.Deadline);
        Assert.Equal(1, child.Queue.Count);
    }

    [Fact]
    public void A_deadline_equal_to_the_parents_ends_both_at_once()
    {
        var deadline = _clock.GetUtcNow().AddSeconds(1);
        using var parent = _root.WithDeadline(deadline);
        using var child = parent.WithDeadline(deadline);

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.IsType<DeadlineExceededException>(parent.Err);
        Assert.IsType<DeadlineExceededException>(child.Err);
        Assert.Equal(0, child.Queue.Count);
    }

    [Fact]
    public void Equal_deadlines_fall_due_in_the_order_in_which_they_were_made()
    {
        var deadline = _clock.GetUtcNow().AddHours(1);
        using var outer = _root.WithDeadline(deadline, new TimeoutException("outer"));
        _clock.Advance(TimeSpan.FromMinutes(59));
        using var inner = outer.WithDeadline(deadline, new TimeoutException("inner"));

        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("outer", inner.Cause!.Message);
    }
}
