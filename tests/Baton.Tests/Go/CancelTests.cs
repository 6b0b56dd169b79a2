namespace Baton.Tests.Go;

public sealed class CancelTests
{
    private static readonly ContextKey<string> s_key = new("key");

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    [GoTest(3)]
    public void A_cancelable_context_prints_what_it_is_derived_from()
    {
        using var ctx = Context.Background.WithCancel();

        Assert.Equal("Background.WithCancel", ctx.ToString());
    }

    [Fact]
    [GoTest(4)]
    public void Nothing_is_done_before_it_is_canceled()
    {
        using var parent = Context.Background.WithCancel();
        var wrapped = parent.WithValue(s_key, "value");
        using var child = wrapped.WithCancel();

        foreach (var ctx in new[] { parent, wrapped, child })
        {
            Assert.True(ctx.Done.CanBeCanceled);
            ContextAssert.Live(ctx);
        }
    }

    [Fact]
    [GoTest(5)]
    [GoTrap(5)]
    public void Everything_derived_is_done_when_cancel_returns()
    {
        using var parent = Context.Background.WithCancel();
        var wrapped = parent.WithValue(s_key, "value");
        using var child = wrapped.WithCancel();
        var tokens = new[] { parent.Done, wrapped.Done, child.Done };

        parent.Cancel();

        Assert.All(tokens, static token => Assert.True(token.IsCancellationRequested));
        ContextAssert.Canceled(parent);
        ContextAssert.Canceled(wrapped);
        ContextAssert.Canceled(child);
        Assert.Same(parent.Err, child.Err);
    }

    [Fact]
    [GoTest(6)]
    public void A_parent_holds_the_cancelable_children_and_no_others()
    {
        using var parent = Context.Background.WithCancel();
        using var child = parent.WithCancel();
        var value = parent.WithValue(s_key, "value");
        using var childOfValue = value.WithCancel();
        using var stranger = Context.Background.WithCancel();

        Assert.Equal(2, parent.ChildCount);
        Assert.Equal(0, child.ChildCount);
        Assert.Equal(0, stranger.ChildCount);
    }

    [Fact]
    [GoTest(7)]
    public void The_enclosing_context_is_found_through_values()
    {
        using var parent = Context.Background.WithCancel();
        var value = parent.WithValue(s_key, "outer").WithValue(s_key, "inner");

        Assert.Same(parent, Context.FromToken(value.Done));
        Assert.Same(Context.Background, Context.FromToken(Context.Background.WithValue(s_key, "value").Done));
    }

    [Fact]
    [GoTest(8)]
    public void Canceling_the_parent_ends_children_of_every_kind_and_lets_go_of_them()
    {
        using var parent = Context.Root(_clock).WithCancel();
        using var child = parent.WithCancel();
        var value = parent.WithValue(s_key, "value");
        using var childOfValue = value.WithCancel();
        using var timed = value.WithTimeout(TimeSpan.FromHours(1000));
        Assert.Equal(3, parent.ChildCount);

        parent.Cancel();

        Assert.Equal(0, parent.ChildCount);
        Assert.Equal(0, parent.Queue.Count);
        foreach (var ctx in new[] { parent, child, value, childOfValue, timed })
        {
            ContextAssert.Canceled(ctx);
        }
    }

    [Fact]
    [GoTest(9)]
    public void A_value_on_a_canceled_parent_is_done_from_the_start()
    {
        using var parent = Context.Background.WithCancel();
        parent.Cancel();

        var value = parent.WithValue(s_key, "value");

        ContextAssert.Canceled(value);
    }

    [Fact]
    [GoTest(10)]
    public void Canceling_a_child_of_background_ends_the_child_only()
    {
        using var child = Context.Background.WithCancel();
        using var sibling = Context.Background.WithCancel();

        child.Cancel();

        ContextAssert.Canceled(child);
        ContextAssert.Live(sibling);
        ContextAssert.Live(Context.Background);
    }

    [Fact]
    [GoTest(11, 12)]
    public void A_canceled_child_leaves_its_parent_which_stays_live()
    {
        using var parent = Context.Background.WithCancel();
        Assert.Equal(0, parent.ChildCount);
        using var child = parent.WithCancel();
        Assert.Equal(1, parent.ChildCount);

        child.Cancel();

        Assert.Equal(0, parent.ChildCount);
        ContextAssert.Canceled(child);
        ContextAssert.Live(parent);
    }

    [Fact]
    [GoTest(38)]
    public void A_child_of_a_canceled_parent_is_done_from_the_start_with_the_parents_cause()
    {
        var cause = new InvalidOperationException("stop");
        using var parent = Context.Background.WithCancel();
        parent.Cancel(cause);

        using var child = parent.WithCancel();

        ContextAssert.Canceled(child, cause);
        Assert.Same(parent.Err, child.Err);
    }

    [Fact]
    [GoTrap(9)]
    public void Children_deadlines_and_callbacks_that_come_and_go_leave_nothing_behind()
    {
        using var parent = Context.Root(_clock).WithCancel();
        using var other = parent.WithoutCancel().WithTimeout(TimeSpan.FromHours(2));
        for (var i = 0; i < 100; i++)
        {
            parent.WithCancel().Dispose();
            parent.WithCancel(other).Dispose();
            parent.WithTimeout(TimeSpan.FromHours(1)).Dispose();
            parent.WithTimeout(TimeSpan.Zero);
            parent.WithTimeout(TimeSpan.FromSeconds(i));
            parent.AfterFunc(static () => { }).Dispose();
        }

        _clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal((0, 0), (parent.ChildCount, parent.CallbackCount));
        Assert.Equal((0, 0), (other.ChildCount, other.CallbackCount));
        Assert.Equal(1, parent.Queue.Count);
        ContextAssert.Live(parent);
        ContextAssert.Live(other);
    }
}
