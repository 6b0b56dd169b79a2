namespace Baton.Tests.Go;

public sealed class AllocationTests
{
    private static readonly ContextKey<string?> s_key = new("key");
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    [GoTest(33)]
    public void The_roots_cost_nothing()
    {
        Assert.Equal(0, Bytes(static () => _ = Context.Background.IsDone | Context.Todo.Done.CanBeCanceled));
    }

    [Fact]
    [GoTest(33)]
    public void A_value_and_its_lookup_cost_one_object()
    {
        var bytes = Bytes(static () => Context.Background.WithValue(s_key, null).Value(s_key));

        Assert.InRange(bytes, 1, 80);
    }

    [Fact]
    [GoTest(33)]
    public void A_timeout_that_has_passed_costs_its_context_and_what_it_ended_with()
    {
        var bytes = Bytes(() =>
        {
            using var ctx = Context.Background.WithTimeout(TimeSpan.Zero);
            _ = ctx.IsDone;
        });

        Assert.InRange(bytes, 1, 120 + 48);
    }

    [Fact]
    [GoTest(33)]
    public void A_cancel_costs_one_object_and_a_token_on_top_if_asked_for()
    {
        var plain = Bytes(static () => Context.Background.WithCancel().Dispose());
        var withToken = Bytes(static () =>
        {
            using var ctx = Context.Background.WithCancel();
            _ = ctx.Done;
        });

        Assert.InRange(plain, 1, 96);
        Assert.InRange(withToken, plain + 1, plain + 400);
    }

    [Fact]
    [GoTest(33)]
    public void A_timeout_canceled_early_costs_one_object_and_a_token_on_top_if_asked_for()
    {
        var plain = Bytes(static () => Context.Background.WithTimeout(s_hour).Dispose());
        var withToken = Bytes(static () =>
        {
            using var ctx = Context.Background.WithTimeout(s_hour);
            _ = ctx.Done;
        });

        Assert.InRange(plain, 1, 128);
        Assert.InRange(withToken, plain + 1, plain + 400);
    }

    [Fact]
    [GoTest(48)]
    public void A_child_costs_one_object_under_a_parent_of_any_kind()
    {
        using var canceled = Context.Background.WithCancel();
        canceled.Cancel();
        using var source = new CancellationTokenSource();
        using var cancelable = Context.Root(_clock).WithCancel();
        using var timed = cancelable.WithTimeout(s_hour);
        using var foreign = Context.FromToken(source.Token).WithCancel();
        var parents = new[] { cancelable, cancelable.WithValue(s_key, "value"), timed, foreign, canceled };

        foreach (var parent in parents)
        {
            Assert.InRange(Bytes(() => parent.WithCancel().Dispose()), 1, 96);
        }

        Assert.InRange(Bytes(() => timed.WithTimeout(s_hour).Dispose()), 1, 128);
        Assert.Equal(1, cancelable.ChildCount);
        Assert.Equal(0, timed.ChildCount);
    }

    /// <summary>
    /// What a call allocates after a first call has made everything that is made only once.
    /// </summary>
    private static long Bytes(Action act)
    {
        act();
        act();
        var before = GC.GetAllocatedBytesForCurrentThread();
        act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
