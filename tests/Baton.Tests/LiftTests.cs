namespace Baton.Tests;

/// <summary>A deadline that its owner takes back, as a server does for <c>DisableTimeout()</c>.</summary>
public sealed class LiftTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly TimeoutException _cause = new();

    [Fact]
    public void The_context_and_those_derived_from_it_have_no_deadline_any_more()
    {
        using var ctx = Root.WithLiftableTimeout(s_second, _cause);
        using var child = ctx.WithCancel();
        using var later = Context.Root(new FakeTimeProvider()).WithCancel(child);

        Assert.NotNull(child.Deadline);
        Lift(ctx);
        _clock.Advance(s_second);

        Assert.False(ctx.IsDone);
        Assert.Null(ctx.Deadline);
        Assert.Null(child.Deadline);
        Assert.Equal(Timeout.InfiniteTimeSpan, child.Remaining);
        using var fresh = Context.Background.WithCancel(child);
        Assert.Null(fresh.Deadline);
        Assert.NotNull(later.Deadline);
        Assert.EndsWith(".WithCancel", ctx.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, DeadlineQueue.For(_clock).Count);
    }

    [Fact]
    public void Afterwards_the_parents_deadline_counts()
    {
        using var parent = Root.WithTimeout(2 * s_second);
        using var ctx = parent.WithLiftableTimeout(s_second, _cause);
        using var child = ctx.WithCancel();

        Lift(ctx);
        _clock.Advance(s_second);

        Assert.Equal(parent.Deadline, ctx.Deadline);
        Assert.Equal(s_second, child.Remaining);
        Assert.False(ctx.IsDone);
        _clock.Advance(s_second);
        Assert.IsType<DeadlineExceededException>(child.Err);
        Assert.NotSame(_cause, child.Cause);
    }

    [Fact]
    public void A_deadline_that_has_passed_stays()
    {
        using var ctx = Root.WithLiftableTimeout(s_second, _cause);
        var deadline = ctx.Deadline;

        _clock.Advance(s_second);
        Lift(ctx);

        Assert.Same(_cause, ctx.Cause);
        Assert.Equal(deadline, ctx.Deadline);
    }

    [Fact]
    public void A_context_that_is_derived_afterwards_may_take_longer()
    {
        using var ctx = Root.WithLiftableTimeout(s_second, _cause);

        Lift(ctx);
        using var child = ctx.WithTimeout(5 * s_second);

        Assert.Equal(5 * s_second, child.Remaining);
        using var merged = Root.WithCancel(ctx);
        Assert.Null(merged.Deadline);
    }

    [Fact]
    public void An_earlier_deadline_of_the_parent_leaves_nothing_to_lift()
    {
        using var parent = Root.WithTimeout(s_second);

        using var ctx = parent.WithLiftableTimeout(2 * s_second, _cause);

        Assert.IsNotType<LiftableContext>(ctx);
        Assert.Equal(parent.Deadline, ctx.Deadline);
    }

    private Context Root => Context.Root(_clock);

    private static void Lift(CancelableContext ctx) => Assert.IsType<LiftableContext>(ctx).Lift();
}
