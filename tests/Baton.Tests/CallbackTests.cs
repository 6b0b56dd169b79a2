namespace Baton.Tests;

/// <summary>What a callback may do, whether it was registered on the token or by AfterFunc.</summary>
public sealed class CallbackTests
{
    private static readonly ContextKey<int> s_key = new("n");

    public enum Way
    {
        Token,
        AfterFunc,
    }

    public enum Ending
    {
        Cancel,
        Dispose,
        ParentCancel,
        Deadline,
    }

    [Theory, CombinatorialWays]
    public async Task A_callback_that_throws_keeps_no_other_from_running_and_reaches_no_canceler(
        Way way, Ending ending)
    {
        var (clock, parent) = Root();
        using var ctx = parent.WithTimeout(TimeSpan.FromSeconds(1));
        using var sibling = parent.WithTimeout(TimeSpan.FromSeconds(1));
        var before = new Signal();
        var after = new Signal();
        var others = new Signal();
        On(way, ctx, before.SetResult);
        On(way, ctx, () => throw new InvalidOperationException("thrown by a callback, on purpose"));
        On(way, ctx, after.SetResult);
        On(way, sibling, others.SetResult);

        End(ending, clock, parent, ctx);

        Assert.True(ctx.IsDone);
        await WaitFor.Completion(before.Task);
        await WaitFor.Completion(after.Task);
        sibling.Cancel();
        await WaitFor.Completion(others.Task);
    }

    [Theory, CombinatorialWays]
    public async Task A_callback_that_blocks_delays_no_canceler_and_no_other_context(Way way, Ending ending)
    {
        var (clock, parent) = Root();
        using var ctx = parent.WithTimeout(TimeSpan.FromSeconds(1));
        using var child = ctx.WithCancel();
        using var bystander = Context.Root(clock).WithTimeout(TimeSpan.FromSeconds(1));
        using var blocked = new ManualResetEventSlim();
        var started = new Signal();
        var finished = new Signal();
        On(way, ctx, () =>
        {
            started.SetResult();
            blocked.Wait(TestContext.Current.CancellationToken);
            finished.SetResult();
        });

        End(ending, clock, parent, ctx);
        await WaitFor.Completion(started.Task);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(child.IsDone);
        Assert.True(bystander.IsDone);
        Assert.False(finished.Task.IsCompleted);
        blocked.Set();
        await WaitFor.Completion(finished.Task);
    }

    [Theory, CombinatorialWays]
    public async Task A_callback_that_disposes_and_cancels_contexts_that_are_ending_changes_nothing(
        Way way, Ending ending)
    {
        var (clock, parent) = Root();
        var ctx = parent.WithTimeout(TimeSpan.FromSeconds(1));
        var child = ctx.WithCancel();
        var finished = new Signal<Exception?>();
        On(way, ctx, () =>
        {
            child.Dispose();
            ctx.Dispose();
            ctx.Dispose();
            ctx.Cancel();
            ctx.Cancel(new InvalidOperationException("too late"));
            finished.SetResult(ctx.Cause);
        });

        End(ending, clock, parent, ctx);

        Assert.Same(ctx.Err, await WaitFor.Result(finished.Task));
        Assert.Equal(ending == Ending.Deadline, ctx.Err is DeadlineExceededException);
        Assert.Same(ctx.Err, child.Err);
    }

    [Theory, CombinatorialWays]
    public async Task A_callback_may_cancel_the_parent(Way way, Ending ending)
    {
        var (clock, parent) = Root();
        var cause = new InvalidOperationException("from below");
        using var ctx = parent.WithTimeout(TimeSpan.FromSeconds(1));
        using var sibling = parent.WithCancel();
        var finished = new Signal<bool>();
        On(way, ctx, () =>
        {
            parent.Cancel(cause);
            finished.SetResult(parent.IsDone && sibling.IsDone);
        });

        End(ending, clock, parent, ctx);

        Assert.True(await WaitFor.Result(finished.Task));
        Assert.Equal(ending == Ending.ParentCancel, sibling.Cause != cause);
        Assert.NotSame(cause, ctx.Cause);
    }

    [Theory, CombinatorialWays]
    public async Task A_callback_may_derive_from_a_context_that_is_ending(Way way, Ending ending)
    {
        var (clock, parent) = Root();
        using var ctx = parent.WithTimeout(TimeSpan.FromSeconds(1));
        var made = new Signal<Context[]>();
        On(way, ctx, () => made.SetResult(
        [
            ctx.WithCancel(),
            ctx.WithTimeout(TimeSpan.FromDays(1)),
            ctx.WithTimeout(TimeSpan.Zero, new InvalidOperationException("too late")),
            ctx.WithValue(s_key, 1),
            ctx.WithCancel(parent.Done),
        ]));

        End(ending, clock, parent, ctx);

        Assert.All(await WaitFor.Result(made.Task), child => Assert.Same(ctx.Err, child.Err));
        Assert.Equal(0, ctx.ChildCount);
    }

    [Theory, CombinatorialWays]
    public async Task A_callback_may_register_another_callback_which_runs_at_once(Way way, Ending ending)
    {
        var (clock, parent) = Root();
        using var ctx = parent.WithTimeout(TimeSpan.FromSeconds(1));
        var inner = new Signal();
        On(way, ctx, () => On(way, ctx, inner.SetResult));

        End(ending, clock, parent, ctx);

        await WaitFor.Completion(inner.Task);
        Assert.Equal(0, ctx.CallbackCount);
    }

    [Theory, CombinatorialWays]
    public async Task A_callback_finds_all_contexts_of_the_cancellation_done(Way way, Ending ending)
    {
        var (clock, parent) = Root();
        using var ctx = parent.WithTimeout(TimeSpan.FromSeconds(1));
        using var left = ctx.WithCancel();
        using var right = ctx.WithValue(s_key, 1).WithTimeout(TimeSpan.FromDays(1));
        using var below = right.WithCancel();
        var tokens = new[] { left.Done, right.Done, below.Done };
        var seen = new Signal<bool>();
        On(way, left, () => seen.SetResult(
            ctx.IsDone && right.Err is not null && below.IsDone
                && tokens.All(t => t.IsCancellationRequested)));

        End(ending, clock, parent, ctx);

        Assert.True(await WaitFor.Result(seen.Task));
    }

    [Theory]
    [InlineData(Way.Token)]
    [InlineData(Way.AfterFunc)]
    public async Task A_callback_among_many_contexts_finds_all_of_them_done(Way way)
    {
        var late = 0;
        for (var round = 0; round < 20; round++)
        {
            using var parent = Context.Background.WithCancel();
            var family = Enumerable.Range(0, 10_000).Select(_ => parent.WithCancel()).ToArray();
            var tokens = Array.ConvertAll(family, ctx => ctx.Done);
            var ran = 0;
            for (var i = 0; i < family.Length; i += 1_000)
            {
                On(way, family[i], () =>
                {
                    if (!parent.IsDone || !family[0].IsDone || !tokens[^1].IsCancellationRequested)
                    {
                        Interlocked.Increment(ref late);
                    }

                    Interlocked.Increment(ref ran);
                });
            }

            parent.Cancel();
            await WaitFor.True(() => Volatile.Read(ref ran) == 10);
        }

        Assert.Equal(0, late);
    }

    private static (FakeTimeProvider Clock, CancelableContext Parent) Root()
    {
        var clock = new FakeTimeProvider();
        return (clock, Context.Root(clock).WithCancel());
    }

    private static void On(Way way, Context ctx, Action callback)
    {
        if (way == Way.Token)
        {
            ctx.Done.Register(callback);
        }
        else
        {
            ctx.AfterFunc(callback);
        }
    }

    private static void End(
        Ending ending, FakeTimeProvider clock, CancelableContext parent, CancelableContext ctx)
    {
        switch (ending)
        {
            case Ending.Cancel:
                ctx.Cancel();
                break;
            case Ending.Dispose:
                ctx.Dispose();
                break;
            case Ending.ParentCancel:
                parent.Cancel();
                break;
            case Ending.Deadline:
                clock.Advance(TimeSpan.FromSeconds(1));
                break;
        }
    }

    private sealed class CombinatorialWaysAttribute : Xunit.v3.DataAttribute
    {
        public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
            System.Reflection.MethodInfo testMethod, Xunit.Sdk.DisposalTracker disposalTracker) => new(
            [
                .. from way in Enum.GetValues<Way>()
                   from ending in Enum.GetValues<Ending>()
                   select new TheoryDataRow(way, ending)
            ]);

        public override bool SupportsDiscoveryEnumeration() => true;
    }

    [Fact]
    public void A_callback_stopped_before_it_is_added_is_not_kept_and_takes_no_other_along()
    {
        using var ctx = Context.Background.WithCancel();
        using var bystander = ctx.AfterFunc(static () => { });
        var early = new FuncCallback(ctx, static () => { });

        Assert.True(early.Stop());
        Assert.Equal(1, ctx.CallbackCount);

        ctx.Add(early);
        Assert.Equal(1, ctx.CallbackCount);
        Assert.True(bystander.Stop());
        Assert.Equal(0, ctx.CallbackCount);
    }
}
