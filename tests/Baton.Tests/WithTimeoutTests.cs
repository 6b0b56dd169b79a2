namespace Baton.Tests;

public sealed class WithTimeoutTests
{
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-TimeSpan.TicksPerMillisecond - 1)]
    [InlineData(-TimeSpan.TicksPerDay)]
    [InlineData(long.MinValue)]
    public void Zero_or_less_is_exceeded_on_return(long ticks)
    {
        var clock = new FakeTimeProvider();
        var cause = new TimeoutException("mine");

        using var ctx = Context.Root(clock).WithTimeout(new TimeSpan(ticks), cause);

        Assert.IsType<DeadlineExceededException>(ctx.Err);
        Assert.Same(cause, ctx.Cause);
        Assert.True(ctx.Done.IsCancellationRequested);
        Assert.Equal(TimeSpan.Zero, ctx.Remaining);
        Assert.Equal(0, ctx.Queue.Count);
    }

    [Fact]
    public void Infinite_sets_no_deadline()
    {
        var clock = new FakeTimeProvider();
        using var ctx = Context.Root(clock).WithTimeout(Timeout.InfiniteTimeSpan);

        clock.Advance(TimeSpan.FromDays(100_000));

        Assert.False(ctx.IsDone);
        Assert.Null(ctx.Deadline);
        Assert.Equal(Timeout.InfiniteTimeSpan, ctx.Remaining);
    }

    [Fact]
    public void Infinite_keeps_the_parents_deadline()
    {
        var clock = new FakeTimeProvider();
        using var parent = Context.Root(clock).WithTimeout(TimeSpan.FromSeconds(1));

        using var ctx = parent.WithTimeout(Timeout.InfiniteTimeSpan);

        Assert.Equal(parent.Deadline, ctx.Deadline);
        Assert.Equal(TimeSpan.FromSeconds(1), ctx.Remaining);
    }

    [Theory]
    [InlineData(45)]
    [InlineData(49)]
    [InlineData(50)]
    [InlineData(90)]
    [InlineData(365)]
    [InlineData(36_500)]
    public void A_timeout_longer_than_a_timer_takes_fires_on_its_tick_and_not_before(int days)
    {
        var clock = new FakeTimeProvider();
        var root = Context.Root(clock);
        using var ctx = root.WithTimeout(TimeSpan.FromDays(days) + s_tick);

        for (var day = 0; day < days; day++)
        {
            clock.Advance(TimeSpan.FromDays(1));
            Assert.False(ctx.IsDone);
        }

        Assert.Equal(s_tick, ctx.Remaining);
        clock.Advance(s_tick);
        Assert.IsType<DeadlineExceededException>(ctx.Err);
        Assert.Equal(0, ctx.Queue.Count);
    }

    [Fact]
    public void A_timeout_longer_than_a_timer_takes_fires_in_one_leap()
    {
        var clock = new FakeTimeProvider();
        var root = Context.Root(clock);
        using var ctx = root.WithTimeout(TimeSpan.FromDays(400));

        clock.Advance(TimeSpan.FromDays(400) - s_tick);
        Assert.False(ctx.IsDone);

        clock.Advance(s_tick);
        Assert.True(ctx.IsDone);
    }

    [Fact]
    public void The_longest_timeout_there_is_never_comes()
    {
        var clock = new FakeTimeProvider();
        using var ctx = Context.Root(clock).WithTimeout(TimeSpan.MaxValue);

        Assert.Equal(DateTimeOffset.MaxValue, ctx.Deadline);
        clock.Advance(TimeSpan.FromDays(365 * 1000));

        Assert.False(ctx.IsDone);
        Assert.Equal(DateTimeOffset.MaxValue, ctx.Deadline);
        ctx.Dispose();
        Assert.Equal(0, ctx.Queue.Count);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(9_000 * 365 * TimeSpan.TicksPerDay)]
    public void A_timeout_beyond_the_end_of_the_calendar_is_live_on_a_clock_that_has_run_a_while(long ticks)
    {
        var clock = new FakeTimeProvider();
        var root = Context.Root(clock);
        using var first = root.WithTimeout(new TimeSpan(ticks));
        clock.Advance(TimeSpan.FromDays(1));

        using var second = root.WithTimeout(new TimeSpan(ticks));
        clock.Advance(TimeSpan.FromDays(100));

        Assert.False(first.IsDone || second.IsDone);
        Assert.Equal(DateTimeOffset.MaxValue, first.Deadline);
        Assert.Equal(DateTimeOffset.MaxValue, second.Deadline);
        Assert.True(second.Remaining > TimeSpan.FromDays(8_000 * 365));
    }

    [Fact]
    public void The_longest_timeout_is_taken_on_the_systems_clock()
    {
        using var ctx = Context.Background.WithTimeout(TimeSpan.MaxValue);

        Assert.False(ctx.IsDone);
        Assert.Equal(DateTimeOffset.MaxValue, ctx.Deadline);
        Assert.True(ctx.Remaining > TimeSpan.FromDays(1_000_000));
    }

    [Fact]
    public void Sooner_and_later_timeouts_made_in_any_order_fire_each_on_its_own_tick()
    {
        var clock = new FakeTimeProvider();
        var root = Context.Root(clock);
        long[] ticks =
        [
            5_000_000_000_000, 1, 16_384, 70_000_000_000_000, 16_383, 1_048_576, 2, 1_048_575, 600_000_000,
        ];
        var start = clock.GetUtcNow();
        var contexts = ticks.Select(t => root.WithTimeout(new TimeSpan(t))).ToArray();

        foreach (var (at, ctx) in ticks.Zip(contexts).OrderBy(pair => pair.First))
        {
            clock.Advance(start.AddTicks(at - 1) - clock.GetUtcNow());
            Assert.False(ctx.IsDone);
            clock.Advance(s_tick);
            Assert.True(ctx.IsDone);
        }
    }

    [Fact]
    public void A_parents_earlier_deadline_stays_and_the_cause_is_not_used()
    {
        var clock = new FakeTimeProvider();
        var parents = new TimeoutException("parent's");
        using var parent = Context.Root(clock).WithTimeout(
            TimeSpan.FromSeconds(1), parents);
        using var child = parent.WithTimeout(TimeSpan.FromSeconds(2), new TimeoutException("child's"));

        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Same(parents, child.Cause);
        Assert.Same(parent.Err, child.Err);
    }

    [Fact]
    public void A_parent_that_is_done_wins_over_a_timeout_that_has_passed()
    {
        var cause = new TimeoutException("parent's");
        using var parent = Context.Background.WithCancel();
        parent.Cancel(cause);

        using var child = parent.WithTimeout(TimeSpan.Zero, new TimeoutException("child's"));

        Assert.IsType<ContextCanceledException>(child.Err);
        Assert.Same(cause, child.Cause);
    }

    [Fact]
    public void A_cancel_before_the_timeout_leaves_its_cause_unused()
    {
        var clock = new FakeTimeProvider();
        using var ctx = Context.Root(clock)
            .WithTimeout(TimeSpan.FromSeconds(1), new TimeoutException("unused"));

        ctx.Cancel();
        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.IsType<ContextCanceledException>(ctx.Err);
        Assert.Same(ctx.Err, ctx.Cause);
    }
}
