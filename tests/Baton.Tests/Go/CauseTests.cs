namespace Baton.Tests.Go;

public sealed class CauseTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromHours(1000);

    private readonly Exception _parentCause = new InvalidOperationException("parent");
    private readonly Exception _childCause = new InvalidOperationException("child");
    private readonly Exception _tooSlow = new TimeoutException("too slow");
    private readonly FakeTimeProvider _clock = new();
    private readonly Context _root;

    public CauseTests() => _root = Context.Root(_clock);

    [Fact]
    [GoTest(50, 51)]
    [GoTrap(3)]
    public void The_roots_have_no_error_and_no_cause()
    {
        ContextAssert.Live(Context.Background);
        ContextAssert.Live(Context.Todo);
    }

    [Fact]
    [GoTest(52)]
    [GoTrap(3)]
    public void Canceled_without_a_cause_the_cause_is_the_error()
    {
        using var ctx = _root.WithCancel();

        ctx.Cancel();

        ContextAssert.Canceled(ctx);
    }

    [Fact]
    [GoTest(53)]
    [GoTrap(3)]
    public void Canceled_with_a_cause_the_error_is_still_a_cancellation()
    {
        using var ctx = _root.WithCancel();

        ctx.Cancel(_tooSlow);

        ContextAssert.Canceled(ctx, _tooSlow);
    }

    [Fact]
    [GoTest(54)]
    [GoTrap(3)]
    public void A_null_cause_is_refused_and_changes_nothing()
    {
        using var ctx = _root.WithCancel();

        Assert.Throws<ArgumentNullException>("cause", () => ctx.Cancel(null!));

        ContextAssert.Live(ctx);
        ctx.Cancel();
        ContextAssert.Canceled(ctx);
    }

    [Fact]
    [GoTest(55)]
    [GoTrap(3)]
    public void A_cause_from_the_parent_stays_when_the_child_is_canceled_later()
    {
        using var parent = _root.WithCancel();
        using var child = parent.WithCancel();

        parent.Cancel(_parentCause);
        child.Cancel(_childCause);

        ContextAssert.Canceled(parent, _parentCause);
        ContextAssert.Canceled(child, _parentCause);
    }

    [Fact]
    [GoTest(56)]
    [GoTrap(3)]
    public void A_cause_of_the_childs_own_stays_when_the_parent_is_canceled_later()
    {
        using var parent = _root.WithCancel();
        using var child = parent.WithCancel();

        child.Cancel(_childCause);
        parent.Cancel(_parentCause);

        ContextAssert.Canceled(parent, _parentCause);
        ContextAssert.Canceled(child, _childCause);
    }

    [Fact]
    [GoTest(57)]
    [GoTrap(3)]
    public void A_cause_from_the_parent_stays_when_the_child_is_canceled_plainly()
    {
        using var parent = _root.WithCancel();
        using var child = parent.WithCancel();

        parent.Cancel(_parentCause);
        child.Cancel();

        ContextAssert.Canceled(parent, _parentCause);
        ContextAssert.Canceled(child, _parentCause);
    }

    [Fact]
    [GoTest(58)]
    [GoTrap(3)]
    public void A_plainly_canceled_child_takes_no_cause_from_its_parent_later()
    {
        using var parent = _root.WithCancel();
        using var child = parent.WithCancel();

        child.Cancel();
        parent.Cancel(_parentCause);

        ContextAssert.Canceled(parent, _parentCause);
        ContextAssert.Canceled(child);
    }

    [Fact]
    [GoTest(59)]
    [GoTrap(3)]
    public void A_child_of_a_plainly_canceled_parent_takes_no_cause_later()
    {
        using var parent = _root.WithCancel();
        using var child = parent.WithCancel();

        parent.Cancel();
        child.Cancel(_childCause);

        ContextAssert.Canceled(parent);
        ContextAssert.Canceled(child);
    }

    [Fact]
    [GoTest(60)]
    [GoTrap(3)]
    public void A_cause_of_the_childs_own_stays_when_the_parent_is_canceled_plainly()
    {
        using var parent = _root.WithCancel();
        using var child = parent.WithCancel();

        child.Cancel(_childCause);
        parent.Cancel();

        ContextAssert.Canceled(parent);
        ContextAssert.Canceled(child, _childCause);
    }

    [Fact]
    [GoTest(61)]
    [GoTrap(3)]
    public void A_timeout_of_zero_is_exceeded_and_stays_so_when_canceled()
    {
        using var ctx = _root.WithTimeout(TimeSpan.Zero);

        ctx.Cancel(_childCause);

        ContextAssert.Exceeded(ctx);
    }

    [Fact]
    [GoTest(62)]
    [GoTrap(3)]
    public void A_timeout_canceled_early_is_a_cancellation()
    {
        using var ctx = _root.WithTimeout(s_long);

        ctx.Cancel();

        ContextAssert.Canceled(ctx);
    }

    [Fact]
    [GoTest(63)]
    [GoTrap(3)]
    public void A_timeouts_cause_is_used_when_it_passes()
    {
        using var atOnce = _root.WithTimeout(TimeSpan.Zero, _tooSlow);
        using var later = _root.WithTimeout(s_long, _tooSlow);

        _clock.Advance(s_long);

        ContextAssert.Exceeded(atOnce, _tooSlow);
        ContextAssert.Exceeded(later, _tooSlow);
    }

    [Fact]
    [GoTest(64)]
    [GoTrap(3)]
    public void A_timeouts_cause_is_not_used_when_canceled_early()
    {
        using var ctx = _root.WithTimeout(s_long, _tooSlow);

        ctx.Cancel();
        _clock.Advance(s_long);

        ContextAssert.Canceled(ctx);
    }

    [Fact]
    [GoTest(65)]
    [GoTrap(3)]
    public void A_timeout_that_has_passed_keeps_its_cause_when_the_parent_is_canceled_later()
    {
        using var parent = _root.WithCancel();
        using var ctx = parent.WithTimeout(TimeSpan.Zero, _tooSlow);

        parent.Cancel(_parentCause);

        ContextAssert.Exceeded(ctx, _tooSlow);
    }

    [Fact]
    [GoTest(66)]
    [GoTrap(3)]
    public void A_timeout_that_has_not_passed_takes_the_parents_cause()
    {
        using var parent = _root.WithCancel();
        using var ctx = parent.WithTimeout(s_long, _tooSlow);

        parent.Cancel(_parentCause);
        _clock.Advance(s_long);

        ContextAssert.Canceled(ctx, _parentCause);
    }

    [Fact]
    [GoTest(67)]
    [GoTrap(3)]
    public void Background_without_cancel_has_no_error_and_no_cause()
    {
        ContextAssert.Live(Context.Background.WithoutCancel());
    }

    [Fact]
    [GoTest(68)]
    [GoTrap(3)]
    public void Without_cancel_a_parents_cancellation_is_not_seen()
    {
        using var parent = _root.WithCancel();
        var before = parent.WithoutCancel();

        parent.Cancel(_parentCause);

        ContextAssert.Live(before);
        ContextAssert.Live(parent.WithoutCancel());
    }

    [Fact]
    [GoTest(69)]
    [GoTrap(3)]
    public void Without_cancel_a_parents_deadline_is_not_seen()
    {
        using var parent = _root.WithTimeout(TimeSpan.Zero, _tooSlow);

        ContextAssert.Live(parent.WithoutCancel());
        ContextAssert.Live(parent.WithoutCancel().WithCancel());
    }
}
