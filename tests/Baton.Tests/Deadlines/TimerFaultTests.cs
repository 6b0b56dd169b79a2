namespace Baton.Tests.Deadlines;

/// <summary>Timers that fire early, late, twice, or throw; and a machine that slept.</summary>
public sealed class TimerFaultTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new();
    private readonly Context _root;

    public TimerFaultTests() => _root = Context.Root(_clock);

    [Fact]
    public void A_deadline_made_after_the_timer_could_not_be_set_is_exact()
    {
        using var far = _root.WithTimeout(10 * s_second);
        _clock.RefusesSets = true;
        Assert.Throws<InvalidOperationException>(() => _root.WithTimeout(s_second));
        _clock.RefusesSets = false;

        using var near = _root.WithTimeout(2 * s_second);
        while (!near.IsDone)
        {
            _clock.Wake();
        }

        Assert.Equal(2 * s_second, _clock.Time);
    }

    [Fact]
    public void A_timer_that_could_not_be_set_again_when_it_fired_is_set_by_the_next_deadline()
    {
        using var first = _root.WithTimeout(s_second);
        using var second = _root.WithTimeout(2 * s_second);
        _clock.Time = s_second;
        _clock.RefusesSets = true;
        Assert.Throws<InvalidOperationException>(_clock.Fire);
        _clock.RefusesSets = false;

        using var third = _root.WithTimeout(5 * s_second);
        while (!second.IsDone)
        {
            _clock.Wake();
        }

        Assert.Equal(2 * s_second, _clock.Time);
    }

    [Fact]
    public void A_timer_that_fires_early_ends_nothing_and_is_set_for_the_rest()
    {
        using var ctx = _root.WithTimeout(10 * s_second);

        _clock.Time = (10 * s_second) - TimeSpan.FromTicks(1);
        _clock.Fire();
        Assert.False(ctx.IsDone);
        Assert.Equal(TimeSpan.FromTicks(1), _clock.Sets[^1]);

        _clock.Wake();
        Assert.True(ctx.IsDone);
    }

    [Fact]
    public void A_timer_that_fires_twice_ends_each_deadline_once_and_no_other()
    {
        using var first = _root.WithTimeout(s_second);
        using var second = _root.WithTimeout(2 * s_second);
        _clock.Time = s_second;
        _clock.Fire();
        var err = first.Err;

        _clock.Fire();
        _clock.Fire();

        Assert.Same(err, first.Err);
        Assert.False(second.IsDone);
        Assert.Equal(1, _root.Queue.Count);
        Assert.InRange(_clock.Sets[^1], TimeSpan.FromTicks(1), s_second);
    }

    [Fact]
    public void A_timer_that_fires_when_nothing_waits_does_nothing()
    {
        _root.WithTimeout(s_second).Dispose();
        _clock.Time = 2 * s_second;

        _clock.Fire();

        Assert.Equal(0, _root.Queue.Count);
        Assert.Equal(Timeout.InfiniteTimeSpan, _clock.Sets[^1]);
    }

    [Fact]
    public void After_a_machine_has_slept_all_that_fell_due_ends_in_due_order_and_nothing_else()
    {
        var first = _root.WithTimeout(2 * s_second, new TimeoutException("first"));
        var second = first.WithTimeout(s_second, new TimeoutException("second"));
        using var tomorrow = _root.WithTimeout(TimeSpan.FromDays(1));

        // The timer fires hours late, because it slept too.
        _clock.Time = TimeSpan.FromHours(8);
        _clock.Fire();

        Assert.Equal("first", first.Cause!.Message);
        Assert.Equal("second", second.Cause!.Message);
        Assert.Equal(TimeSpan.FromHours(16), tomorrow.Remaining);
        while (!tomorrow.IsDone)
        {
            _clock.Wake();
        }

        Assert.Equal(TimeSpan.FromDays(1), _clock.Time);
    }

    [Fact]
    public void A_machine_that_slept_starts_new_deadlines_from_when_it_woke()
    {
        using var old = _root.WithTimeout(s_second);
        _clock.Time = TimeSpan.FromHours(8);

        using var fresh = _root.WithTimeout(s_second);
        _clock.Fire();

        Assert.True(old.IsDone);
        Assert.False(fresh.IsDone);
        Assert.Equal(s_second, fresh.Remaining);
        _clock.Time += s_second;
        _clock.Fire();
        Assert.True(fresh.IsDone);
    }

    [Fact]
    public void A_clock_that_gives_no_timer_gives_its_error_to_the_caller_and_leaves_nothing()
    {
        using var parent = _root.WithCancel();
        _clock.RefusesTimers = true;

        Assert.Throws<InvalidOperationException>(() => parent.WithTimeout(s_second));
        Assert.Equal(0, parent.ChildCount);
        Assert.Equal(0, parent.Queue.Count);

        _clock.RefusesTimers = false;
        using var child = parent.WithTimeout(s_second);
        _clock.Wake();
        Assert.True(child.IsDone);
    }

    [Fact]
    public void A_timer_that_cannot_be_set_again_still_ends_what_is_due()
    {
        using var first = _root.WithTimeout(s_second);
        using var equal = _root.WithTimeout(s_second);
        using var later = _root.WithTimeout(2 * s_second);
        _clock.Time = s_second;
        _clock.RefusesSets = true;

        Assert.Throws<InvalidOperationException>(_clock.Fire);

        Assert.True(first.IsDone && equal.IsDone);
        Assert.False(later.IsDone);
    }
}
