namespace Baton.Tests;

public sealed class RootTests
{
    private readonly FakeTimeProvider _first = new();
    private readonly FakeTimeProvider _second = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void Deadlines_below_run_on_the_clock_that_was_given()
    {
        var root = Context.Root(_first);
        using var ctx = root.WithCancel().WithTimeout(TimeSpan.FromSeconds(1));

        Assert.Same(TimeProvider.System, Context.Background.TimeProvider);
        Assert.Same(_first, ctx.TimeProvider);
        Assert.Same(_first, ctx.WithoutCancel().TimeProvider);
        _second.Advance(TimeSpan.FromDays(1));
        Assert.False(ctx.IsDone);
        _first.Advance(TimeSpan.FromSeconds(1));
        Assert.True(ctx.IsDone);
    }

    [Fact]
    public void It_is_never_done_and_carries_nothing()
    {
        var root = Context.Root(_first);

        Assert.False(root.Done.CanBeCanceled);
        Assert.Null(root.Deadline);
        Assert.Equal(Timeout.InfiniteTimeSpan, root.Remaining);
        Assert.Null(root.Err);
        Assert.Equal("Root(FakeTimeProvider)", root.ToString());
    }

    [Fact]
    public void The_root_on_the_systems_clock_is_Background()
    {
        Assert.Same(Context.Background, Context.Root(TimeProvider.System));
    }

    [Fact]
    public void A_deadline_of_another_root_is_taken_over_by_the_time_that_remains()
    {
        var cause = new InvalidOperationException("planned");
        using var other = Context.Root(_first).WithTimeout(TimeSpan.FromSeconds(10), cause);
        _first.Advance(TimeSpan.FromSeconds(4));

        using var ctx = Context.Root(_second).WithCancel(other);

        Assert.Same(_second, ctx.TimeProvider);
        Assert.Equal(TimeSpan.FromSeconds(6), ctx.Remaining);
        Assert.Equal(_second.GetUtcNow().AddSeconds(6), ctx.Deadline);
        _second.Advance(TimeSpan.FromSeconds(6) - TimeSpan.FromTicks(1));
        Assert.False(ctx.IsDone);
        _second.Advance(TimeSpan.FromTicks(1));
        Assert.IsType<DeadlineExceededException>(ctx.Err);
        Assert.Same(cause, ctx.Cause);
        Assert.False(other.IsDone);
    }

    [Fact]
    public void A_merged_context_has_the_very_deadline_of_the_other_on_the_same_clock()
    {
        var clock = new WallClock(_first);
        using var other = Context.Root(clock).WithTimeout(TimeSpan.FromSeconds(10));
        var deadline = other.Deadline;
        clock.Step = TimeSpan.FromHours(1);

        using var merged = Context.Root(clock).WithCancel(other);
        using var system = Context.Background.WithTimeout(TimeSpan.FromHours(1));
        using var beside = Context.Background.WithCancel(system);

        Assert.Equal(deadline, merged.Deadline);
        Assert.Equal(system.Deadline, beside.Deadline);
    }

    [Fact]
    public void The_other_clock_still_ends_the_other_context_and_so_the_merged_one()
    {
        using var other = Context.Root(_first).WithTimeout(TimeSpan.FromSeconds(10));
        using var ctx = Context.Root(_second).WithCancel(other);

        _first.Advance(TimeSpan.FromSeconds(10));

        Assert.Same(other.Err, ctx.Err);
        Assert.Equal(0, ctx.Queue.Count);
    }

    [Fact]
    public void The_longest_deadline_crosses_over()
    {
        using var other = Context.Root(_first).WithTimeout(TimeSpan.MaxValue);

        using var ctx = Context.Root(_second).WithCancel(other);
        _second.Advance(TimeSpan.FromDays(365_000));

        Assert.False(ctx.IsDone);
        Assert.Equal(DateTimeOffset.MaxValue, ctx.Deadline);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(10_000_000)]
    [InlineData(3_579_545)]
    [InlineData(1_000_000_000)]
    public void A_deadline_on_a_clock_of_any_frequency_is_neither_early_nor_late(long frequency)
    {
        var clock = new CountingClock(frequency);
        var root = Context.Root(clock);
        using var ctx = root.WithTimeout(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromSeconds(10), ctx.Remaining);

        clock.Stamp = (frequency * 10) - 1;
        clock.Fire();
        Assert.False(ctx.IsDone);
        Assert.True(ctx.Remaining > TimeSpan.Zero);

        clock.Stamp = frequency * 10;
        clock.Fire();
        Assert.True(ctx.IsDone);
        Assert.Equal(TimeSpan.Zero, ctx.Remaining);
    }

    /// <summary>
    /// A clock with a unit of its own. It fires its timers when the test says so, even early.
    /// </summary>
    private sealed class CountingClock(long frequency) : TimeProvider
    {
        private Action? _fire;

        public long Stamp { get; set; }

        public override long TimestampFrequency => frequency;

        public override long GetTimestamp() => Stamp;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _fire += () => callback(state);
            return new FakeTimeProvider().CreateTimer(_ => { }, null, dueTime, period);
        }

        public void Fire() => _fire?.Invoke();
    }
}
