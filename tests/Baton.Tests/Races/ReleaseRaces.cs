namespace Baton.Tests.Races;

/// <summary>
/// Promise 6: ending a context in several ways at once throws nothing and leaves nothing behind.
/// </summary>
public sealed class ReleaseRaces
{
    private const int Rounds = 100_000;

    [Fact]
    public void A_deadline_that_fires_during_dispose_leaves_nothing()
    {
        using var racers = new Racers();
        var clock = new FakeTimeProvider();
        using var parent = Context.Root(clock).WithCancel();
        foreach (var round in Racers.Rounds(Rounds))
        {
            var ctx = parent.WithTimeout(TimeSpan.FromMilliseconds(1));

            racers.Run(() => clock.Advance(TimeSpan.FromMilliseconds(1)), ctx.Dispose);

            Assert.Equal(0, parent.Queue.Count);
            Assert.Equal(0, parent.ChildCount);
            Assert.Same(ctx.Err, ctx.Cause);
        }
    }

    [Fact]
    public void A_parent_that_cancels_while_its_child_is_disposed_leaves_nothing()
    {
        using var racers = new Racers();
        var root = Context.Root(new FakeTimeProvider());
        var cause = new InvalidOperationException("cause");
        foreach (var round in Racers.Rounds(Rounds))
        {
            var parent = root.WithCancel();
            var before = parent.WithCancel();
            var child = parent.WithTimeout(TimeSpan.FromHours(1));
            var after = parent.WithCancel();

            racers.Run(() => parent.Cancel(cause), child.Dispose);

            Assert.Equal(0, root.Queue.Count);
            Assert.Same(cause, before.Cause);
            Assert.Same(cause, after.Cause);
            Assert.Same(child.Cause == cause ? parent.Err : child.Cause, child.Err);
        }
    }

    [Fact]
    public void Siblings_disposed_at_once_are_both_let_go()
    {
        using var racers = new Racers();
        using var parent = Context.Background.WithCancel();
        using var bystander = parent.WithCancel();
        foreach (var round in Racers.Rounds(Rounds))
        {
            var siblings = Enumerable.Range(0, 8).Select(_ => parent.WithCancel()).ToArray();

            racers.Run(() => Release(siblings, first: 0), () => Release(siblings, first: 1));

            Assert.Equal(1, parent.ChildCount);
        }
    }

    [Fact]
    public async Task A_function_is_stopped_or_runs_and_never_both_or_neither()
    {
        using var racers = new Racers();
        var stopped = 0;
        var runs = 0;
        var rounds = 0;
        foreach (var _ in Racers.Rounds(Rounds))
        {
            rounds++;
            var ctx = Context.Background.WithCancel();
            var registration = ctx.AfterFunc(() => Interlocked.Increment(ref runs));

            racers.Run(
                ctx.Cancel,
                () =>
                {
                    if (registration.Stop())
                    {
                        Interlocked.Increment(ref stopped);
                    }
                });
        }

        await WaitFor.True(() => Volatile.Read(ref runs) + stopped >= rounds);
        Assert.Equal(rounds, runs + stopped);
    }

    [Fact]
    public void Functions_stopped_at_once_are_both_let_go()
    {
        using var racers = new Racers();
        using var ctx = Context.Background.WithCancel();
        using var bystander = ctx.AfterFunc(static () => { });
        foreach (var round in Racers.Rounds(Rounds))
        {
            var functions = Enumerable.Range(0, 8).Select(_ => ctx.AfterFunc(static () => { })).ToArray();

            racers.Run(() => Release(functions, first: 0), () => Release(functions, first: 1));

            Assert.Equal(1, ctx.CallbackCount);
        }
    }

    [Fact]
    public void A_foreign_token_canceled_while_a_child_joins_ends_the_child()
    {
        using var racers = new Racers();
        foreach (var round in Racers.Rounds(Rounds))
        {
            using var source = new CancellationTokenSource();
            var foreign = Context.FromToken(source.Token);
            CancelableContext? child = null;

            racers.Run(source.Cancel, () => child = foreign.WithCancel());

            // Every other look asks the token, and would end a child that was not told.
            Assert.True(child!.IsMarkedDone);
            Assert.IsType<ContextCanceledException>(child.Err);
        }
    }

    /// <summary>Every second element, so that two racers always release neighbours.</summary>
    private static void Release<T>(T[] held, int first)
        where T : IDisposable
    {
        for (var i = first; i < held.Length; i += 2)
        {
            held[i].Dispose();
        }
    }
}
