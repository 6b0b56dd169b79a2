namespace Baton.Tests;

/// <summary>WithCancel(also): a context that is done when either of two contexts is.</summary>
public sealed class MergeTests : IDisposable
{
    private static readonly ContextKey<string> s_key = new("key");

    private readonly FakeTimeProvider _clock = new();
    private readonly CancellationTokenSource _foreign = new();
    private readonly Context _root;

    public MergeTests() => _root = Context.Root(_clock);

    public void Dispose() => _foreign.Dispose();

    [Fact]
    public void The_parent_ends_it_with_its_cause()
    {
        var cause = new InvalidOperationException("parent's");
        using var parent = _root.WithCancel();
        using var other = _root.WithCancel();
        using var merged = parent.WithCancel(other);

        parent.Cancel(cause);

        Assert.Same(cause, merged.Cause);
        Assert.Same(parent.Err, merged.Err);
        Assert.False(other.IsDone);
        Assert.Equal(0, other.CallbackCount);
    }

    [Fact]
    public void The_other_ends_it_with_its_cause_before_its_cancel_returns()
    {
        var cause = new InvalidOperationException("other's");
        using var parent = _root.WithCancel();
        using var other = _root.WithCancel();
        using var merged = parent.WithCancel(other);
        using var child = merged.WithCancel();

        other.Cancel(cause);

        Assert.Same(cause, merged.Cause);
        Assert.Same(other.Err, merged.Err);
        Assert.Same(cause, child.Cause);
        Assert.False(parent.IsDone);
        Assert.Equal(0, parent.ChildCount);
    }

    [Fact]
    public void A_cancel_of_its_own_ends_neither()
    {
        using var parent = _root.WithCancel();
        using var other = _root.WithTimeout(TimeSpan.FromHours(1));
        using var merged = parent.WithCancel(other);

        merged.Cancel();

        Assert.False(parent.IsDone);
        Assert.False(other.IsDone);
        Assert.Equal(1, _root.Queue.Count);
    }

    [Fact]
    public void The_first_of_the_two_fixes_the_cause()
    {
        var first = new InvalidOperationException("first");
        using var parent = _root.WithCancel();
        using var other = _root.WithCancel();
        using var merged = parent.WithCancel(other);

        other.Cancel(first);
        parent.Cancel(new InvalidOperationException("second"));

        Assert.Same(first, merged.Cause);
    }

    [Fact]
    public void An_earlier_deadline_of_the_other_is_taken_over()
    {
        var cause = new InvalidOperationException("other's");
        using var parent = _root.WithTimeout(TimeSpan.FromSeconds(5));
        using var other = _root.WithTimeout(TimeSpan.FromSeconds(2), cause);
        using var merged = parent.WithCancel(other);

        Assert.Equal(other.Deadline, merged.Deadline);
        Assert.Equal(TimeSpan.FromSeconds(2), merged.Remaining);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.IsType<DeadlineExceededException>(merged.Err);
        Assert.Same(cause, merged.Cause);
        Assert.False(parent.IsDone);
        Assert.Equal(1, _root.Queue.Count);
    }

    [Fact]
    public void An_earlier_deadline_of_the_parent_stays()
    {
        using var parent = _root.WithTimeout(TimeSpan.FromSeconds(2));
        using var other = _root.WithTimeout(TimeSpan.FromSeconds(5));
        using var merged = parent.WithCancel(other);

        Assert.Equal(parent.Deadline, merged.Deadline);
        Assert.Equal(2, _root.Queue.Count);
    }

    [Fact]
    public void The_deadline_is_that_of_whatever_stands_above_the_other()
    {
        using var outer = _root.WithTimeout(TimeSpan.FromSeconds(2));
        using var other = outer.WithValue(s_key, "other's").WithCancel();
        using var merged = _root.WithCancel(other.WithValue(s_key, "nearer"));

        Assert.Equal(TimeSpan.FromSeconds(2), merged.Remaining);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.IsType<DeadlineExceededException>(merged.Err);
    }

    [Fact]
    public void A_deadline_on_another_clock_counts_by_the_time_it_has_left()
    {
        var others = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        using var other = Context.Root(others).WithTimeout(TimeSpan.FromSeconds(10));
        others.Advance(TimeSpan.FromSeconds(4));

        using var merged = _root.WithCancel(other);

        Assert.Equal(TimeSpan.FromSeconds(6), merged.Remaining);
        Assert.Equal(_clock.GetUtcNow().AddSeconds(6), merged.Deadline);
        _clock.Advance(TimeSpan.FromSeconds(6) - TimeSpan.FromTicks(1));
        Assert.False(merged.IsDone);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.IsType<DeadlineExceededException>(merged.Err);
        Assert.False(other.IsDone);
    }

    [Fact]
    public void On_another_clock_the_other_may_be_the_first_to_pass()
    {
        var others = new FakeTimeProvider();
        var cause = new InvalidOperationException("other's");
        using var other = Context.Root(others).WithTimeout(
            TimeSpan.FromSeconds(10), cause);
        using var merged = _root.WithCancel(other);

        others.Advance(TimeSpan.FromSeconds(10));

        Assert.Same(other.Err, merged.Err);
        Assert.Same(cause, merged.Cause);
        Assert.Equal(0, _root.Queue.Count);
    }

    [Fact]
    public void Values_and_clock_are_the_parents()
    {
        using var other = Context.Background.WithValue(s_key, "other's").WithCancel();
        using var merged = _root.WithValue(s_key, "parent's").WithCancel(other);
        using var without = _root.WithCancel(other);

        Assert.Equal("parent's", merged.Value(s_key));
        Assert.Null(without.Value(s_key));
        Assert.Same(_clock, merged.TimeProvider);
    }

    [Fact]
    public void A_foreign_token_ends_it_before_its_cancel_returns()
    {
        using var merged = _root.WithCancel(_foreign.Token);
        Assert.False(merged.IsDone);
        Assert.Null(merged.Deadline);

        _foreign.Cancel();

        Assert.IsType<ContextCanceledException>(merged.Err);
        Assert.Same(merged.Err, merged.Cause);
    }

    [Fact]
    public void A_token_that_never_fires_adds_nothing()
    {
        using var parent = _root.WithCancel();
        using var merged = parent.WithCancel(CancellationToken.None);

        Assert.Equal(
            "Root(FakeTimeProvider).WithCancel.WithCancel", merged.ToString());
        parent.Cancel();
        Assert.True(merged.IsDone);
    }

    [Fact]
    public void A_foreign_token_that_was_canceled_already_ends_it_on_return()
    {
        _foreign.Cancel();

        using var merged = _root.WithCancel(_foreign.Token);

        Assert.IsType<ContextCanceledException>(merged.Err);
    }

    [Fact]
    public void Another_context_that_was_canceled_already_ends_it_on_return()
    {
        var cause = new InvalidOperationException("other's");
        using var parent = _root.WithCancel();
        using var other = _root.WithTimeout(TimeSpan.FromHours(1));
        other.Cancel(cause);

        using var merged = parent.WithCancel(other);

        Assert.Same(other.Err, merged.Err);
        Assert.Same(cause, merged.Cause);
        Assert.Equal(0, parent.ChildCount);
        Assert.Equal(0, _root.Queue.Count);
    }

    [Fact]
    public void A_parent_that_is_done_already_comes_first()
    {
        var cause = new InvalidOperationException("parent's");
        using var parent = _root.WithCancel();
        using var other = _root.WithTimeout(TimeSpan.FromHours(1));
        parent.Cancel(cause);

        using var live = parent.WithCancel(other);
        other.Cancel();
        using var both = parent.WithCancel(other);
        using var foreign = parent.WithCancel(_foreign.Token);

        Assert.All([live, both, foreign], merged => Assert.Same(cause, merged.Cause));
        Assert.Equal(0, other.CallbackCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Disposing_it_leaves_nothing_on_either_side(bool deadline)
    {
        using var parent = _root.WithCancel();
        using var other = deadline ? _root.WithTimeout(TimeSpan.FromHours(1)) : _root.WithCancel();
        var before = _root.Queue.Count;
        var merged = parent.WithCancel(other);
        var child = merged.WithCancel();
        Assert.Equal(1, parent.ChildCount);
        Assert.Equal(1, other.CallbackCount);

        merged.Dispose();

        Assert.True(child.IsDone);
        Assert.Equal(0, parent.ChildCount);
        Assert.Equal(0, other.CallbackCount);
        Assert.Equal(0, other.ChildCount);
        Assert.Equal(before, _root.Queue.Count);
    }

    [Fact]
    public void With_itself_or_its_own_kin_it_ends_once()
    {
        using var parent = _root.WithTimeout(TimeSpan.FromHours(1));
        using var withParent = parent.WithCancel(parent);
        using var child = parent.WithCancel();
        using var withChild = parent.WithCancel(child);
        using var triple = withParent.WithCancel(withChild).WithCancel(child);

        child.Cancel();
        Assert.True(withChild.IsDone);
        Assert.True(triple.IsDone);
        Assert.False(withParent.IsDone);

        parent.Cancel();
        Assert.Same(parent.Err, withParent.Err);
        Assert.Equal(0, parent.ChildCount);
        Assert.Equal(0, _root.Queue.Count);
    }

    [Fact]
    public async Task A_race_of_both_sides_gives_one_whole_outcome_and_leaves_nothing()
    {
        for (var round = 0; round < 1_000; round++)
        {
            var left = new InvalidOperationException("left");
            var right = new InvalidOperationException("right");
            using var parent = _root.WithCancel();
            using var other = _root.WithTimeout(TimeSpan.FromHours(1));
            using var merged = parent.WithCancel(other);
            using var start = new Barrier(2);
            var canceler = Task.Run(() =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                parent.Cancel(left);
            });

            start.SignalAndWait(TestContext.Current.CancellationToken);
            other.Cancel(right);
            Assert.True(merged.IsDone);
            await WaitFor.Completion(canceler);

            Assert.True(merged.Cause == left || merged.Cause == right);
            Assert.Same(merged.Cause, merged.Err!.InnerException);
            Assert.Equal(0, other.CallbackCount + parent.ChildCount + _root.Queue.Count);
        }
    }

    [Fact]
    public void Another_context_whose_deadline_has_passed_gives_it_its_cause()
    {
        var cause = new InvalidOperationException("other's");
        using var other = _root.WithTimeout(TimeSpan.FromSeconds(1), cause);
        _clock.Advance(TimeSpan.FromSeconds(1));

        using var merged = _root.WithCancel(other);

        Assert.Same(cause, merged.Cause);
        Assert.Same(other.Err, merged.Err);
    }

    [Fact]
    public void Another_context_that_was_canceled_before_its_deadline_passed_stays_canceled()
    {
        var cause = new InvalidOperationException("other's");
        using var other = _root.WithTimeout(TimeSpan.FromSeconds(1));
        other.Cancel(cause);
        _clock.Advance(TimeSpan.FromSeconds(1));

        using var merged = _root.WithCancel(other);

        Assert.IsType<ContextCanceledException>(merged.Err);
        Assert.Same(cause, merged.Cause);
    }
}
