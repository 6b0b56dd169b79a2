namespace Baton.Tests;

public sealed class RemainingTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Context _root;

    public RemainingTests() => _root = Context.Root(_clock);

    [Fact]
    public void Without_a_deadline_the_time_left_is_infinite()
    {
        using var ctx = _root.WithCancel();

        Assert.Equal(Timeout.InfiniteTimeSpan, Context.Background.Remaining);
        Assert.Equal(Timeout.InfiniteTimeSpan, ctx.Remaining);
        Assert.Equal(Timeout.InfiniteTimeSpan, ctx.WithoutCancel().Remaining);
        Assert.Null(ctx.Deadline);
    }

    [Fact]
    public void It_runs_down_to_zero_and_no_further()
    {
        using var ctx = _root.WithTimeout(TimeSpan.FromSeconds(3));

        Assert.Equal(TimeSpan.FromSeconds(3), ctx.Remaining);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(1), ctx.Remaining);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, ctx.Remaining);
        _clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal(TimeSpan.Zero, ctx.Remaining);
    }

    [Fact]
    public void An_early_cancel_changes_neither_the_deadline_nor_the_time_left()
    {
        using var ctx = _root.WithTimeout(TimeSpan.FromSeconds(3));
        var deadline = ctx.Deadline;

        ctx.Cancel();

        Assert.Equal(TimeSpan.FromSeconds(3), ctx.Remaining);
        Assert.Equal(deadline, ctx.Deadline);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(2), ctx.Remaining);
    }

    [Fact]
    public void The_deadline_is_the_same_value_every_time()
    {
        using var ctx = _root.WithTimeout(TimeSpan.FromSeconds(3));
        var deadline = ctx.Deadline;

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(deadline, ctx.Deadline);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(deadline, ctx.Deadline);
    }

    [Fact]
    public void The_deadline_of_a_timeout_is_right_even_if_asked_for_late()
    {
        var start = _clock.GetUtcNow();
        using var ctx = _root.WithTimeout(TimeSpan.FromSeconds(3));

        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(start.AddSeconds(3), ctx.Deadline);
        Assert.Equal(start.AddSeconds(3), Assert.IsType<DeadlineExceededException>(ctx.Err).Deadline);
    }

    [Theory]
    [InlineData(-48)]
    [InlineData(48)]
    public async Task A_step_of_the_wall_clock_moves_no_deadline(int hours)
    {
        var wall = new WallClock(_clock);
        var root = Context.Root(wall);
        using var timeout = root.WithTimeout(TimeSpan.FromHours(1));
        using var deadline = root.WithDeadline(wall.GetUtcNow().AddHours(1));
        var delay = root.Delay(TimeSpan.FromHours(1));
        var instant = timeout.Deadline;

        wall.Step = TimeSpan.FromHours(hours);
        Assert.Equal(instant, timeout.Deadline);
        Assert.Equal(instant, deadline.Deadline);
        Assert.Equal(TimeSpan.FromHours(1), timeout.Remaining);
        Assert.Equal(TimeSpan.FromHours(1), deadline.Remaining);
        _clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.False(timeout.IsDone || deadline.IsDone || delay.IsCompleted);

        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(timeout.IsDone && deadline.IsDone);
        await WaitFor.Completion(delay);
    }

    [Fact]
    public void A_child_sees_the_deadline_that_will_end_it()
    {
        var key = new ContextKey<int>("n");
        using var outer = _root.WithTimeout(TimeSpan.FromSeconds(5));
        using var inner = outer.WithValue(key, 1).WithTimeout(TimeSpan.FromSeconds(3));
        using var plain = inner.WithCancel();

        Assert.Equal(TimeSpan.FromSeconds(3), plain.WithValue(key, 2).Remaining);
        Assert.Equal(inner.Deadline, plain.Deadline);
        Assert.Equal(TimeSpan.FromSeconds(5), outer.Remaining);
    }

    [Fact]
    public void It_stays_zero_for_the_most_negative_timeout()
    {
        using var ctx = _root.WithTimeout(TimeSpan.MinValue);

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.Zero, ctx.Remaining);
        Assert.Equal(DateTimeOffset.MinValue, ctx.Deadline);
    }

    [Fact]
    public void It_is_printed_as_long_past_after_a_while()
    {
        using var ctx = _root.WithTimeout(TimeSpan.MinValue);

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains(
            ".WithDeadline(0001-01-01 00:00:00 +00:00 [-", ctx.ToString(), StringComparison.Ordinal);
        Assert.Equal(DateTimeOffset.MinValue, Assert.IsType<DeadlineExceededException>(ctx.Err).Deadline);
    }
}
