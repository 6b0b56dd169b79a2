using Baton.Acts;

namespace Baton.Compare;

/// <summary>The acts, and the bar of each. To move a bar, change it here.</summary>
internal static class Catalogue
{
    private const int WithCancelBytes = 96;
    private const int WithTimeoutBytes = 128;

    /// <summary>The suffix of the name of an act whose workers use everything first.</summary>
    private const string AfterUseSuffix = "-after-use";

    internal static IReadOnlyList<Group> Groups { get; } =
    [
        new("One thread", [.. Deriving(), .. Canceling(), .. Asking(), .. Waiting(), Physical()]),
        new("Both cores, under one parent", [.. OnBothCores()]),
        new("In a process that has used every kind of context", [.. AfterUse(), .. OverForeignTokens()]),
        new("By the million", [.. Millions()]),
    ];

    private static IEnumerable<Act> Deriving()
    {
        yield return new("with-cancel", "`WithCancel`, `Dispose`")
        {
            How = "`CreateLinkedTokenSource`, `Dispose`. Go: `WithCancel`, `cancel()`.",
            DotNet = Once<LinkedSource>(),
            Baton = Once<WithCancel>(),
            HasGo = true,
            Bars = [new(Measure.Time, 1.2), new(Measure.Bytes, WithCancelBytes), new(Measure.Go, 5)],
        };
        yield return new("with-timeout", "`WithTimeout(1 h)`, `Dispose`")
        {
            How = "`CreateLinkedTokenSource`, `CancelAfter`, `Dispose`. Go: `WithTimeout`, `cancel()`.",
            DotNet = Once<LinkedSourceAfter>(),
            Baton = Once<WithTimeout>(),
            HasGo = true,
            Bars = [new(Measure.Time, 0.75), new(Measure.Bytes, WithTimeoutBytes), new(Measure.Go, 6)],
        };
        yield return new("with-cancel-done", "`WithCancel`, `Done`, `Dispose`")
        {
            How = "as above with `Token` taken, and `Cancel` before `Dispose`: both ways leave a canceled "
                + "token. Go: `ctx.Done()` taken first.",
            DotNet = Once<LinkedSourceCanceled>(),
            Baton = Once<WithCancelTaken>(),
            HasGo = true,
            Bars = [new(Measure.Time, 1.2), new(Measure.Go, 3)],
        };
        yield return new("with-timeout-done", "`WithTimeout(1 h)`, `Done`, `Dispose`")
        {
            How = "likewise.",
            DotNet = Once<LinkedSourceAfterCanceled>(),
            Baton = Once<WithTimeoutTaken>(),
            HasGo = true,
            Bars = [new(Measure.Time, 1.2), new(Measure.Go, 3)],
        };
    }

    private static IEnumerable<Act> Canceling()
    {
        yield return new("cancel-chain", "cancel a chain of 1,000")
        {
            How = "linked sources, each under the one before. Only the cancel is timed.",
            DotNet = static () => new BuiltRunner(new LinkedSourceChain(), 1000),
            Baton = static () => new BuiltRunner(new ContextChain(), 1000),
            HasGo = true,
            Bars = [new(Measure.Time, 0.5), new(Measure.Go, 5)],
        };
        yield return new("cancel-fan", "cancel a fan of 100,000")
        {
            How = "linked sources under one parent. Only the cancel is timed.",
            DotNet = static () => new BuiltRunner(new LinkedSourceFan(), 100_000),
            Baton = static () => new BuiltRunner(new ContextFan(), 100_000),
            HasGo = true,
            IsLarge = true,
            Bars = [new(Measure.Time, 0.5), new(Measure.Go, 3)],
        };
    }

    private static IEnumerable<Act> Asking()
    {
        yield return new("value-missing", "`Value` missing at depth 100")
        {
            How =
                "a hundred values with a hundred keys, asked for another key. .NET has nothing like it.",
            Baton = Once<ValueMissing>(),
            HasGo = true,
            Bars = [new(Measure.Go, 20)],
        };
        yield return new("value-found", "`Value` found at depth 10")
        {
            How = "set first, with nine other keys below it.",
            Baton = Once<ValueFound>(),
            HasGo = true,
            Bars = [new(Measure.Go, 1)],
        };
        yield return new("is-done", "`IsDone` of a live context")
        {
            How = "`IsCancellationRequested`. Go: `ctx.Err()`.",
            DotNet = Once<IsCancellationRequested>(),
            Baton = Once<IsDone>(),
            HasGo = true,
            Bars = [new(Measure.TimeOrNoise, 1.1), new(Measure.Go, 1)],
        };
        yield return new("after-func", "`AfterFunc`, `Stop`")
        {
            How = "`UnsafeRegister`, `Dispose`. Go: `AfterFunc`, `stop()`.",
            DotNet = Once<UnsafeRegister>(),
            Baton = Once<AfterFunc>(),
            HasGo = true,
            Bars = [new(Measure.Time, 2), new(Measure.Go, 3)],
        };
    }

    private static IEnumerable<Act> Waiting()
    {
        Bar[] noDearer = [new(Measure.Time, 1), new(Measure.BytesRatio, 1)];
        yield return new("delay-canceled", "`Delay(1 h)`, canceled, awaited")
        {
            How = "a child for the delay, then `Task.Delay` with its token, canceled, and the exception "
                + "caught: on both sides most of it is the throwing.",
            DotNet = Awaited<TaskDelayCanceled>(),
            Baton = Awaited<ContextDelayCanceled>(),
            Bars = noDearer,
        };
        yield return new("delay-pending", "`Delay(1 h)`, made")
        {
            How =
                "`Task.Delay` with a token that a thousand pending ones share. Canceling them is not timed.",
            DotNet = static () => new BuiltRunner(new TaskDelaysPending(), 1000, isPerPart: true),
            Baton = static () => new BuiltRunner(new ContextDelaysPending(), 1000, isPerPart: true),
            Bars = noDearer,
        };
        yield return new("wait-completed", "`WaitAsync` of a task that completes")
        {
            How = "`task.WaitAsync(token)`, under a parent that lives on. The task is pending at the call; "
                + "making it counts on both sides.",
            DotNet = Awaited<TaskWaitCompleted>(),
            Baton = Awaited<ContextWaitCompleted>(),
            Bars = noDearer,
        };
        yield return new("wait-canceled", "`WaitAsync`, canceled")
        {
            How = "`task.WaitAsync(token)` with a linked token for each, canceled, and the exception caught.",
            DotNet = Awaited<TaskWaitCanceled>(),
            Baton = Awaited<ContextWaitCanceled>(),
            Bars = noDearer,
        };
        yield return new("select", "`Select` of `After(1 h)` and `Done`, ended by `Done`")
        {
            How = "`Task.WhenAny` of two `Task.Delay`, an hour and for ever, with a linked token for each; "
                + "the loser is canceled. Go: one goroutine selects on `time.After` and `ctx.Done()`, "
                + "another cancels, and they hand over by channels.",
            DotNet = Awaited<WhenAnyOfTwo>(),
            Baton = Awaited<SelectOfTwo>(),
            HasGo = true,
            Bars = [new(Measure.Time, 0.5), new(Measure.Go, 1)],
        };
    }

    private static Act Physical() => new("machine", "`WithCancel`, `Dispose`, against the machine")
    {
        How = $"the column of .NET has the least that the machine needs for it: one object of the child's size ({Machine.ChildSize} B), and twice an uncontended `CompareExchange` and `Volatile.Write`.",
        DotNet = static () => Machine.ForChild(new MachineRunner()),
        Baton = Once<WithCancel>(),
        Bars = [new(Measure.Time, 1.5)],
    };

    private static IEnumerable<Act> OnBothCores()
    {
        const string How = "two threads at once, under one parent: the time is for one act of each.";
        Act[] all =
        [
            new("with-cancel-2", "")
            {
                DotNet = Twice<LinkedSource>(), Baton = Twice<WithCancel>(),
                Bars = [new(Measure.Time, 1), new(Measure.Bytes, WithCancelBytes), new(Measure.Go, 3)],
            },
            new("with-timeout-2", "")
            {
                DotNet = Twice<LinkedSourceAfter>(), Baton = Twice<WithTimeout>(),
                Bars = [new(Measure.Time, 1), new(Measure.Bytes, WithTimeoutBytes), new(Measure.Go, 3)],
            },
            new("with-cancel-done-2", "")
            {
                DotNet = Twice<LinkedSourceCanceled>(), Baton = Twice<WithCancelTaken>(),
                Bars = [new(Measure.Time, 1.2), new(Measure.Go, 3)],
            },
            new("with-timeout-done-2", "")
            {
                DotNet = Twice<LinkedSourceAfterCanceled>(), Baton = Twice<WithTimeoutTaken>(),
                Bars = [new(Measure.Time, 1.2), new(Measure.Go, 3)],
            },
            new("is-done-2", "")
            {
                DotNet = Twice<IsCancellationRequested>(), Baton = Twice<IsDone>(),
                Bars = [new(Measure.TimeOrNoise, 1.1), new(Measure.Go, 1)],
            },
            new("after-func-2", "")
            {
                DotNet = Twice<UnsafeRegister>(), Baton = Twice<AfterFunc>(),
                Bars = [new(Measure.Time, 2), new(Measure.Go, 3)],
            },
        ];
        var alone = Deriving().Concat(Asking()).ToDictionary(static act => act.Name);
        return all.Select(act => act with { Title = alone[act.Name[..^2]].Title, How = How, HasGo = true });
    }

    /// <summary>
    /// The acts whose time depends on what the process did before: on the kinds of context that the JIT has
    /// seen, and on whether the parent's children are spread over the cores. The bars are those of a fresh
    /// process.
    /// </summary>
    private static IEnumerable<Act> AfterUse()
    {
        var source = EverySource.Parent;
        var ctx = EveryContext.Parent;
        Act[] all =
        [
            new("with-cancel", "")
            {
                DotNet = Once(() => new LinkedSource(source)), Baton = Once(() => new WithCancel(ctx)),
            },
            new("with-timeout", "")
            {
                DotNet = Once(() => new LinkedSourceAfter(source)), Baton = Once(() => new WithTimeout(ctx)),
            },
            new("with-cancel-done", "")
            {
                DotNet = Once(() => new LinkedSourceCanceled(source)),
                Baton = Once(() => new WithCancelTaken(ctx)),
            },
            new("value-missing", "") { Baton = Once(() => new ValueMissing(ctx)) },
            new("value-found", "") { Baton = Once(() => new ValueFound(ctx)) },
            new("is-done", "")
            {
                DotNet = Once(() => new IsCancellationRequested(source)),
                Baton = Once(() => new IsDone(ctx)),
            },
            new("with-cancel-2", "")
            {
                DotNet = Twice(() => new LinkedSource(source)), Baton = Twice(() => new WithCancel(ctx)),
            },
            new("with-timeout-2", "")
            {
                DotNet = Twice(() => new LinkedSourceAfter(source)),
                Baton = Twice(() => new WithTimeout(ctx)),
            },
        ];
        var fresh = Deriving().Concat(Asking()).Concat(OnBothCores()).ToDictionary(static act => act.Name);
        return all.Select(act => fresh[act.Name] with
        {
            Name = act.Name + AfterUseSuffix,
            Title = fresh[act.Name].Title + (act.Name.EndsWith("-2", StringComparison.Ordinal) ? ", on both cores" : ""),
            How = "the same act in workers that have first made, awaited and ended every kind of context (.NET's: every kind of source and registration), under a parent from which both cores have derived at once. Go's worker is fresh.",
            DotNet = act.DotNet,
            Baton = act.Baton,
            IsAfterUse = true,
        });
    }

    /// <summary>
    /// A context over a foreign token has to ask that token. These acts do not run in a fresh process,
    /// because a loop that asks several kinds would spoil the figure of the act that asks only one.
    /// </summary>
    private static IEnumerable<Act> OverForeignTokens()
    {
        var token = new CancellationTokenSource().Token;
        (string Name, string Title, Func<Context> Make)[] all =
        [
            ("is-done-from-token", "`IsDone` of a live `FromToken(token)`", () => Context.FromToken(token)),
            ("is-done-below-token", "`IsDone` of a live child of `FromToken(token)`",
                () => Context.FromToken(token).WithCancel()),
        ];
        return all.Select(act => new Act(act.Name + AfterUseSuffix, act.Title)
        {
            How = "`IsCancellationRequested` of the token. Baton's time is compared with `IsDone` of a plain child, in the same process.",
            DotNet = Once(() => new IsCancellationRequested(token)),
            Baton = () => new AgainstRunner(
                new OperationRunner<IsDone>(new IsDone(act.Make())),
                new OperationRunner<IsDone>(new IsDone(EveryContext.Parent.WithCancel()))),
            IsAfterUse = true,
            Bars = [new(Measure.Own, 2)],
        });
    }

    private static IEnumerable<Act> Millions()
    {
        yield return new("live-deadlines", "a million live deadlines, each")
        {
            How = "`new CancellationTokenSource()`, `CancelAfter`, with no parent on either side; the bytes are what one holds after a full collection, the time is for making it.",
            DotNet = static () => new HeldRunner(new HeldSources()),
            Baton = static () => new HeldRunner(new HeldTimeouts()),
            HasGo = true,
            IsHeavy = true,
            Bars = [new(Measure.BytesRatio, 0.85)],
        };
        yield return new("timeout-amid", "`WithTimeout(1 h)`, `Dispose`, while a million deadlines live")
        {
            How = "`CreateLinkedTokenSource`, `CancelAfter`, `Dispose`. Baton's time is compared with the same act while no deadline lives, in the same process.",
            DotNet = static () => new AmidRunner<LinkedSourceAfter>(new(), new HeldSources()),
            Baton = static () => new AmidRunner<WithTimeout>(new(), new HeldTimeouts()),
            HasGo = true,
            IsHeavy = true,
            Bars = [new(Measure.Own, 1.2)],
        };
        yield return new("live-children", "a million live children of one parent, each")
        {
            How = "`CreateLinkedTokenSource`; bytes and time as for deadlines.",
            DotNet = static () => new HeldRunner(new HeldLinkedSources()),
            Baton = static () => new HeldRunner(new HeldChildren()),
            HasGo = true,
            IsHeavy = true,
            Bars = [new(Measure.BytesRatio, 1)],
        };
        yield return new("cancel-million", "cancel a million children of one parent, each")
        {
            How = "linked sources. Baton's is held against one of a hundred thousand: the cost of a cancel grows with the children, and no faster.",
            DotNet = static () => new BuiltRunner(new LinkedSourceFan(), HeldRunner.Million, isPerPart: true),
            Baton = static () => new BuiltRunner(new ContextFan(), HeldRunner.Million, isPerPart: true, reference: 100_000),
            HasGo = true,
            IsHeavy = true,
            Bars = [new(Measure.Time, 0.5), new(Measure.Own, 1.5)],
        };
    }

    private static Func<Runner> Once<TOperation>()
        where TOperation : struct, IOperation => Once(static () => new TOperation());

    private static Func<Runner> Once<TOperation>(Func<TOperation> make)
        where TOperation : struct, IOperation => () => new OperationRunner<TOperation>(make());

    private static Func<Runner> Twice<TOperation>()
        where TOperation : struct, IOperation => Twice(static () => new TOperation());

    private static Func<Runner> Twice<TOperation>(Func<TOperation> make)
        where TOperation : struct, IOperation => () => new TwoThreadsRunner<TOperation>(make());

    private static Func<Runner> Awaited<TOperation>()
        where TOperation : IAwaitedOperation, new() => static () => new AwaitedRunner(new TOperation());

    private sealed class MachineRunner : Machine.IUse<Runner>
    {
        public Runner Take<TOperation>(TOperation operation)
            where TOperation : struct, IOperation => new OperationRunner<TOperation>(operation);
    }
}
