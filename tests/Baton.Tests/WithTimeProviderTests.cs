namespace Baton.Tests;

public sealed class WithTimeProviderTests
{
    private readonly FakeTimeProvider _first = new();
    private readonly FakeTimeProvider _second = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void Deadlines_below_run_on_the_clock_that_was_given()
    {
        var root = Context.Background.WithTimeProvider(_first);
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
    public void The_clock_it_has_already_changes_nothing()
    {
        var root = Context.Background.WithTimeProvider(_first);

        Assert.Same(root, root.WithTimeProvider(_first));
        Assert.Same(Context.Background, Context.Background.WithTimeProvider(TimeProvider.System));
    }

    [Fact]
    public void It_shares_the_end_of_its_parent()
    {
        using var parent = Context.Background.WithCancel();
        var ctx = parent.WithTimeProvider(_first);
        using var child = ctx.WithTimeout(TimeSpan.FromSeconds(1));

        Assert.Equal(parent.Done, ctx.Done);
        parent.Cancel();

        Assert.Same(parent.Err, ctx.Err);
        Assert.Same(parent.Err, child.Err);
        Assert.Equal(0, child.Queue.Count);
    }

    [Fact]
    public void A_deadline_above_is_taken_over_by_the_time_it_has_left()
    {
        var cause = new InvalidOperationException("planned");
        using var parent = Context.Background.WithTimeProvider(_first).WithTimeout(
            TimeSpan.FromSeconds(10), cause);
        _first.Advance(TimeSpan.FromSeconds(4));

        var ctx = parent.WithTimeProvider(_second);

        Assert.Same(_second, ctx.TimeProvider);
        Assert.Equal(TimeSpan.FromSeconds(6), ctx.Remaining);
        Assert.Equal(_second.GetUtcNow().AddSeconds(6), ctx.Deadline);
        _second.Advance(TimeSpan.FromSeconds(6) - TimeSpan.FromTicks(1));
        Assert.False(ctx.IsDone);
        _second.Advance(TimeSpan.FromTicks(1));
        Assert.IsType<DeadlineExceededException>(ctx.Err);
        Assert.Same(cause, ctx.Cause);
        Assert.False(parent.IsDone);
        Assert.Equal(0, parent.ChildCount);
    }

    [Fact]
    public void The_old_clock_still_ends_the_parent_and_so_the_child()
    {
        using var parent = Context.Background.WithTimeProvider(_first).WithTimeout(TimeSpan.FromSeconds(10));
        var ctx = parent.WithTimeProvider(_second);

        _first.Advance(TimeSpan.FromSeconds(10));

        Assert.Same(parent.Err, ctx.Err);
        Assert.Equal(0, ctx.Queue.Count);
    }

    [Fact]
    public void A_later_timeout_on_the_new_clock_does_not_outlast_the_old_deadline()
    {
        using var parent = Context.Background.WithTimeProvider(_first).WithTimeout(TimeSpan.FromSeconds(10));
        using var ctx = parent.WithTimeProvider(_second).WithTimeout(TimeSpan.FromSeconds(20));

        Assert.Equal(TimeSpan.FromSeconds(10), ctx.Remaining);
        _second.Advance(TimeSpan.FromSeconds(10));

        Assert.True(ctx.IsDone);
    }

    [Fact]
    public void An_expired_or_canceled_parent_passes_its_own_end_on()
    {
        var cause = new InvalidOperationException("planned");
        var root = Context.Background.WithTimeProvider(_first);
        using var expired = root.WithTimeout(TimeSpan.FromSeconds(1), cause);
        using var canceled = root.WithTimeout(TimeSpan.FromSeconds(2));
        canceled.Cancel();
        _first.Advance(TimeSpan.FromSeconds(5));

        Assert.Same(expired.Err, expired.WithTimeProvider(_second).Err);
        Assert.Same(cause, expired.WithTimeProvider(_second).Cause);
        Assert.Same(canceled.Err, canceled.WithTimeProvider(_second).Err);
        Assert.Equal(0, expired.WithTimeProvider(_second).Queue.Count);
    }

    [Fact]
    public void The_longest_deadline_crosses_over()
    {
        using var parent = Context.Background.WithTimeProvider(_first).WithTimeout(TimeSpan.MaxValue);

        var ctx = parent.WithTimeProvider(_second);
        _second.Advance(TimeSpan.FromDays(365_000));

        Assert.False(ctx.IsDone);
        Assert.Equal(DateTimeOffset.MaxValue, ctx.Deadline);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(10_000_000)]
    [InlineData(3_579_545)]
    [InlineData(1_000_000_000)]
    public void A_clock_of_any_frequency_is_never_early(long frequency)
    {
        var clock = new CountingClock(frequency);
        var root = Context.Background.WithTimeProvider(clock);
        using var ctx = root.WithTimeout(TimeSpan.FromSeconds(10));

        clock.Stamp = (frequency * 10) - 1;
        clock.Fire();
        Assert.False(ctx.IsDone);
        Assert.True(ctx.Remaining > TimeSpan.Zero);

        clock.Stamp = (frequency * 10) + (frequency / 100);
        clock.Fire();
        Assert.True(ctx.IsDone);
        Assert.Equal(TimeSpan.Zero, ctx.Remaining);
    }

    /// <summary>Counts in its own unit, and fires its timers when told, early or not.</summary>
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
