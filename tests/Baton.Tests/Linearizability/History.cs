using Baton.Tests.Model;
using CsCheck;

namespace Baton.Tests.Linearizability;

/// <summary>The calls of a few threads on one small tree, and the result of each.</summary>
internal sealed class History
{
    private const int Threads = 3;
    private const int Looks = 20_000;

    private static readonly Act[] s_acts =
    [
        Act.IsDone, Act.IsDone, Act.Err, Act.Err, Act.Cause, Act.Cause, Act.Done, Act.Done, Act.Derive,
        Act.Derive, Act.Cancel, Act.Cancel, Act.Cancel, Act.Dispose, Act.AfterFunc, Act.Stop, Act.Stop,
    ];

    private static readonly Gen<(Act Act, int On)> s_call =
        Gen.Select(Gen.OneOfConst(s_acts), Gen.Int[0, 15]);

    private readonly List<CancelableContext> _contexts = [];
    private readonly List<ContextRegistration> _callbacks = [];
    private readonly Dictionary<Call, object> _made = [];
    private readonly ReferenceModel _before = new();
    private readonly List<Call> _calls = [];
    private int _stamp;

    /// <param name="tree">
    /// For each context its parent, whether its token is taken, and whether a callback waits on it.
    /// </param>
    /// <param name="threads">The calls of each thread.</param>
    private History((int Parent, bool HasToken, bool HasCallback)[] tree, (Act Act, int On)[][] threads)
    {
        var root = _before.Root(0);
        foreach (var (parent, hasToken, hasCallback) in tree)
        {
            // The root of the model is not among the contexts, so these are one further on.
            var isTop = _contexts.Count == 0;
            var on = isTop ? 0 : parent % _contexts.Count;
            _before.WithCancel(isTop ? root : on + 1);
            _contexts.Add((isTop ? Context.Background : _contexts[on]).WithCancel());
            _ = hasToken ? _contexts[^1].Done : default;
            if (hasCallback)
            {
                _before.AfterFunc(_contexts.Count);
                _callbacks.Add(_contexts[^1].AfterFunc(static () => { }));
            }
        }

        for (var thread = 0; thread < threads.Length; thread++)
        {
            foreach (var (act, on) in threads[thread])
            {
                Plan(thread, act, on);
            }
        }
    }

    internal static Gen<History> Any { get; } = Gen.Select(
        Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Bool).Array[2, 4],
        Gen.OneOf(s_call.Array[2, 5].Array[2], s_call.Array[2, 4].Array[Threads]),
        static (tree, threads) => new History(tree, threads));

    internal int ThreadCount => _calls.Max(static call => call.Thread) + 1;

    /// <summary>Runs all threads at once; then reads every context.</summary>
    /// <returns>
    /// A history that no order explains, without the reads that it does not take; null if one does.
    /// </returns>
    internal string? Run(Crew crew)
    {
        foreach (var call in _calls.Where(static call => call.Act is Act.Derive or Act.AfterFunc))
        {
            // Each thread has room of its own for the contexts that it makes, so none changes a dictionary.
            _made[call] = new Slot();
        }

        crew.Run([.. _calls.GroupBy(static call => call.Thread).Select(static calls => calls.ToArray())
            .Select(thread => (Action)(() => Do(thread)))]);
        var last = _calls.Count;
        for (var ctx = 0; ctx < _contexts.Count; ctx++)
        {
            Plan(Threads, Act.Cause, ctx);
        }

        Do([.. _calls.Skip(last)]);
        if (Linearization.Exists(_before, _calls))
        {
            return null;
        }

        foreach (var read in _calls.Where(static call => call.IsRead).Reverse().ToArray())
        {
            if (!Linearization.Exists(_before, _calls.Where(call => call != read)))
            {
                _calls.Remove(read);
            }
        }

        var tree = Enumerable.Range(1, _contexts.Count).Select(ctx =>
            $"ctx{ctx} = {(ctx == 1 ? "Background" : $"ctx{_before.Nodes[ctx].Parent}")}.WithCancel()");
        return string.Join('\n', [.. tree, .. _calls.OrderBy(static call => call.Start)
            .Select(static call => call.ToString())]);
    }

    private void Plan(int thread, Act act, int on)
    {
        // Half of the time a context that the thread has made itself, otherwise one from before.
        var wanted = act == Act.Stop ? Act.AfterFunc : Act.Derive;
        var maker = on >= 8
            ? _calls.LastOrDefault(call => call.Thread == thread && call.Act == wanted)
            : null;
        if (act == Act.Stop && maker is null && _callbacks.Count == 0)
        {
            return;
        }

        var index = act == Act.Stop ? on % Math.Max(1, _callbacks.Count) : (on % _contexts.Count) + 1;
        _calls.Add(new Call(thread, _calls.Count + 1, act, index, maker));
    }

    /// <summary>
    /// Makes the calls of one thread. Consecutive reads share one stretch of time.
    /// </summary>
    private void Do(Call[] calls)
    {
        for (var i = 0; i < calls.Length;)
        {
            var first = i;

            // Interlocked: what a call has written is seen by every call with a later start.
            var start = Interlocked.Increment(ref _stamp);
            do
            {
                Do(calls[i], isFirst: i == first);
                i++;
            }
            while (i < calls.Length && calls[i - 1].IsRead && calls[i].IsRead);

            var end = Interlocked.Increment(ref _stamp);
            foreach (var call in calls.AsSpan(first, i - first))
            {
                (call.Start, call.End) = (start, end);
            }
        }
    }

    private void Do(Call call, bool isFirst)
    {
        var slot = call.Act is Act.Derive or Act.AfterFunc ? (Slot)_made[call] : null;
        var from = call.Maker is { } maker ? (Slot)_made[maker] : null;
        var ctx = call.Act == Act.Stop ? null : from?.Context ?? _contexts[call.On - 1];
        switch (call.Act)
        {
            case Act.Derive:
                slot!.Context = ctx!.WithCancel();
                break;
            case Act.Cancel:
                ctx!.Cancel(call.CauseGiven!);
                break;
            case Act.Dispose:
                ctx!.Dispose();
                break;
            case Act.AfterFunc:
                slot!.Callback = ctx!.AfterFunc(static () => { });
                break;
            case Act.Stop:
                call.Result = (from?.Callback ?? _callbacks[call.On]).Stop() ? 1 : 0;
                break;
            default:
                // The first of several reads tries to meet the moment of the change. The next reads do not.
                var looks = isFirst && EndsByAnother(call) ? Looks : 1;
                while (!Read(call, ctx!) && --looks > 0)
                {
                }

                break;
        }
    }

    /// <summary>
    /// Whether another thread will end the context that is read, so that waiting for the end makes sense.
    /// </summary>
    private bool EndsByAnother(Call read) => read.Maker is null && _calls.Exists(call =>
        call.Thread != read.Thread && call.Act is (Act.Cancel or Act.Dispose) && call.Maker is null
            && IsAbove(call.On, read.On));

    private bool IsAbove(int upper, int lower)
    {
        while (lower > upper)
        {
            lower = _before.Nodes[lower].Parent;
        }

        return lower == upper;
    }

    /// <returns>Whether it saw the context done.</returns>
    private static bool Read(Call call, CancelableContext ctx)
    {
        switch (call.Act)
        {
            case Act.IsDone:
                call.Result = ctx.IsDone ? 1 : 0;
                return call.Result == 1;
            case Act.Err:
                call.Result = ctx.Err is not null ? 1 : 0;
                return call.Result == 1;
            case Act.Done:
                call.Result = ctx.Done.IsCancellationRequested ? 1 : 0;
                return call.Result == 1;
            default:
                var cause = ctx.Cause;
                call.Result = Call.ResultOf(cause, cause is null ? null : ctx.Err);
                return call.Result != Call.Live;
        }
    }

    private sealed class Slot
    {
        internal CancelableContext? Context { get; set; }

        internal ContextRegistration Callback { get; set; }
    }
}
