namespace Baton.Tests;

public sealed class DelayTests
{
    private static readonly ContextKey<int> s_key = new("n");

    private readonly FakeTimeProvider _clock = new();
    private readonly CancelableContext _ctx;

    public DelayTests() => _ctx = Context.Root(_clock).WithCancel();

    [Fact]
    public void Zero_has_passed_already()
    {
        var delay = _ctx.Delay(TimeSpan.Zero);

        Assert.True(delay.IsCompletedSuccessfully);
        AssertNothingLeft();
    }

    [Fact]
    public async Task It_completes_on_its_tick_and_not_before()
    {
        var delay = _ctx.Delay(TimeSpan.FromSeconds(1));

        _clock.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Assert.False(delay.IsCompleted);
        Assert.Equal(1, _ctx.Queue.Count);

        _clock.Advance(TimeSpan.FromTicks(1));
        await WaitFor.Completion(delay);
        Assert.False(_ctx.IsDone);
        AssertNothingLeft();
    }

    [Theory]
    [InlineData(60)]
    [InlineData(1000)]
    public async Task It_may_be_longer_than_a_timer_takes(int days)
    {
        var delay = _ctx.Delay(TimeSpan.FromDays(days));

        for (var day = 0; day < days; day++)
        {
            Assert.False(delay.IsCompleted);
            _clock.Advance(TimeSpan.FromDays(1));
        }

        await WaitFor.Completion(delay);
        AssertNothingLeft();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_longest_and_the_infinite_end_with_the_context(bool infinite)
    {
        var delay = _ctx.Delay(infinite ? Timeout.InfiniteTimeSpan : TimeSpan.MaxValue);
        _clock.Advance(TimeSpan.FromDays(365 * 1000));
        Assert.False(delay.IsCompleted);

        _ctx.Cancel();

        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(delay));
        AssertNothingLeft();
    }

    [Fact]
    public async Task A_cancel_ends_it_with_the_contexts_own_exception()
    {
        var cause = new InvalidOperationException("the reason");
        var delay = _ctx.Delay(TimeSpan.FromSeconds(1));

        _ctx.Cancel(cause);

        var e = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(delay));
        Assert.Equal(_ctx.Done, e.CancellationToken);
        Assert.Same(cause, e.InnerException);
        Assert.NotSame(_ctx.Err, e);
        Assert.True(delay.IsCanceled);
        AssertNothingLeft();
    }

    [Fact]
    public async Task A_deadline_ends_it_with_the_contexts_own_exception()
    {
        using var ctx = _ctx.WithTimeout(TimeSpan.FromSeconds(1)).WithValue(s_key, 1).WithCancel();
        var delay = ctx.Delay(TimeSpan.FromSeconds(2));

        _clock.Advance(TimeSpan.FromSeconds(1));

        var e = await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(delay));
        Assert.Equal(ctx.Done, e.CancellationToken);
        Assert.Equal(ctx.Deadline, e.Deadline);
        Assert.Null(e.InnerException);
        Assert.True(delay.IsCanceled);
        Assert.Equal(0, ctx.ChildCount);
        Assert.Equal(0, ctx.Queue.Count);
    }

    [Fact]
    public async Task A_deadline_at_the_same_instant_was_there_first()
    {
        using var ctx = _ctx.WithTimeout(TimeSpan.FromSeconds(1));
        var delay = ctx.Delay(TimeSpan.FromSeconds(1));

        _clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(delay));
    }

    [Fact]
    public async Task A_context_that_is_done_ends_it_at_once_even_a_delay_of_zero()
    {
        _ctx.Cancel();

        foreach (var delay in new[] { TimeSpan.Zero, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan })
        {
            var task = _ctx.Delay(delay);
            Assert.True(task.IsCanceled);
            var e = await Assert.ThrowsAsync<ContextCanceledException>(() => task);
            Assert.Equal(_ctx.Done, e.CancellationToken);
        }

        AssertNothingLeft();
    }

    [Fact]
    public async Task Each_waiter_gets_an_exception_of_its_own()
    {
        var first = _ctx.Delay(TimeSpan.FromSeconds(1));
        var second = _ctx.Delay(TimeSpan.FromSeconds(1));
        _ctx.Cancel();

        Assert.NotSame(
            await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(first)),
            await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(second)));
    }

    [Fact]
    public async Task The_stack_trace_shows_who_waited()
    {
        var waiting = FirstWaiter(_ctx);
        _ctx.Cancel();

        var e = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(waiting));

        Assert.Contains(nameof(FirstWaiter), e.StackTrace, StringComparison.Ordinal);

        static async Task FirstWaiter(Context ctx) => await ctx.Delay(TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task It_runs_on_a_root_that_never_ends()
    {
        var root = Context.Root(_clock);
        var delay = root.Delay(TimeSpan.FromSeconds(1));

        _clock.Advance(TimeSpan.FromSeconds(1));

        await WaitFor.Completion(delay);
        Assert.Equal(0, root.Queue.Count);
    }

    [Fact]
    public async Task It_outlives_an_early_cancel_through_a_detached_context()
    {
        var delay = _ctx.WithoutCancel().Delay(TimeSpan.FromSeconds(1));

        _ctx.Cancel();
        Assert.False(delay.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));

        await WaitFor.Completion(delay);
    }

    private void AssertNothingLeft()
    {
        Assert.Equal(0, _ctx.ChildCount);
        Assert.Equal(0, _ctx.CallbackCount);
        Assert.Equal(0, _ctx.Queue.Count);
    }
}
