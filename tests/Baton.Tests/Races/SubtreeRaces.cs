namespace Baton.Tests.Races;

/// <summary>
/// Promises 3 and 4: when a cancellation returns, every context below is done, and no callback runs before.
/// </summary>
public sealed class SubtreeRaces
{
    private const int Rounds = 100_000;

    [Fact]
    public void Two_cancellations_in_one_chain_each_return_with_all_below_them_done()
    {
        using var racers = new Racers();
        foreach (var round in Racers.Rounds(Rounds))
        {
            var top = Context.Background.WithCancel();
            var middle = top.WithCancel();
            var leaves = Enumerable.Range(0, 4).Select(_ => middle.WithCancel().WithCancel()).ToArray();
            leaves[^1].AfterFunc(static () => { });

            racers.Run(
                () =>
                {
                    top.Cancel();
                    AssertAllDone(leaves);
                },
                () =>
                {
                    middle.Cancel();
                    AssertAllDone(leaves);
                    Assert.True(middle.IsDone);
                });

            Assert.Equal(0, top.ChildCount);
        }
    }

    [Fact]
    public void A_second_cancel_of_the_same_context_returns_only_when_all_below_is_done()
    {
        using var racers = new Racers();
        foreach (var round in Racers.Rounds(Rounds))
        {
            var top = Context.Background.WithCancel();
            var leaves = Enumerable.Range(0, 6).Select(_ => top.WithCancel().WithCancel()).ToArray();

            racers.Run(
                () =>
                {
                    top.Cancel();
                    AssertAllDone(leaves);
                },
                () =>
                {
                    top.Dispose();
                    AssertAllDone(leaves);
                });
        }
    }

    [Fact]
    public void A_reader_that_sees_a_context_done_sees_everything_below_it_done()
    {
        using var racers = new Racers(takeTurns: false);
        foreach (var round in Racers.Rounds(Rounds))
        {
            var top = Context.Background.WithCancel();
            var middle = top.WithValue(s_key, 1).WithCancel();
            var leaves = Enumerable.Range(0, 4).Select(_ => middle.WithCancel().WithCancel()).ToArray();

            racers.Run(
                top.Cancel,
                () =>
                {
                    while (!top.IsDone)
                    {
                        Thread.SpinWait(1);
                    }

                    Assert.True(middle.IsDone);
                    AssertAllDone(leaves);
                });
        }
    }

    [Fact]
    public void A_child_made_while_its_parent_ends_ends_with_it_and_leaves_nothing_in_the_queue()
    {
        using var racers = new Racers();
        var cause = new InvalidOperationException("cause");
        var root = Context.Root(new FakeTimeProvider());
        foreach (var round in Racers.Rounds(Rounds))
        {
            var parent = root.WithCancel();
            CancelableContext? plain = null, timed = null;

            racers.Run(
                () => parent.Cancel(cause),
                () =>
                {
                    plain = parent.WithCancel();
                    timed = parent.WithTimeout(TimeSpan.FromHours(1));
                });

            Assert.Same(cause, plain!.Cause);
            Assert.Same(cause, timed!.Cause);
            Assert.Equal(0, root.Queue.Count);
            Assert.Equal(0, parent.ChildCount);
        }
    }

    [Fact]
    public async Task No_token_callback_runs_before_all_tokens_of_the_cancellation_are_canceled()
    {
        var late = 0;
        foreach (var round in Racers.Rounds(Rounds))
        {
            var top = Context.Background.WithCancel();
            var tokens = Enumerable.Range(0, 3).Select(_ => top.WithCancel().Done).Append(top.Done).ToArray();
            var ran = new CountdownEvent(2);
            foreach (var token in tokens[..2])
            {
                token.UnsafeRegister(
                    _ =>
                    {
                        if (!Array.TrueForAll(tokens, static other => other.IsCancellationRequested)
                            || !top.IsDone)
                        {
                            Interlocked.Increment(ref late);
                        }

                        ran.Signal();
                    },
                    null);
            }

            top.Cancel();
            await Signaled(ran);
        }

        Assert.Equal(0, late);
    }

    [Fact]
    public async Task No_function_runs_before_all_contexts_of_the_cancellation_are_done()
    {
        var late = 0;
        foreach (var round in Racers.Rounds(Rounds))
        {
            var top = Context.Background.WithCancel();

            // After the two contexts that have a function, there are many contexts, which take a moment to
            // end.
            var children = Enumerable.Range(0, 40).Select(_ => top.WithCancel()).ToArray();
            foreach (var child in children[2..])
            {
                child.WithCancel();
            }

            var ran = new CountdownEvent(2);
            foreach (var child in children[..2])
            {
                child.AfterFunc(() =>
                {
                    if (!top.IsDone || !Array.TrueForAll(children, static other => other.IsDone))
                    {
                        Interlocked.Increment(ref late);
                    }

                    ran.Signal();
                });
            }

            top.Cancel();
            await Signaled(ran);
        }

        Assert.Equal(0, late);
    }

    private static readonly ContextKey<int> s_key = new("key");

    private static void AssertAllDone(CancelableContext[] contexts)
    {
        foreach (var ctx in contexts)
        {
            Assert.True(ctx.IsDone);
        }
    }

    private static async Task Signaled(CountdownEvent ran)
    {
        for (var wait = default(SpinWait); !ran.IsSet && wait.Count < 100;)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }

        await WaitFor.True(() => ran.IsSet);
    }
}
