using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Baton.Stress;

/// <summary>
/// One thread: grows a tree at random under roots that all share, cuts it down, and looks at what is left.
/// </summary>
internal sealed class Worker(Ledger ledger, CancelableContext[] roots, int seed)
{
    private const int StepsPerTree = 300;

    private static readonly ContextKey<int>[] s_keys =
        [.. Enumerable.Range(0, 8).Select(static i => new ContextKey<int>($"key{i}"))];
    private static readonly Exception s_cause = new TimeoutException("stress");

    private readonly Random _random = new(seed);
    private readonly List<Context> _contexts = [];
    private readonly List<CancelableContext> _owned = [];
    private readonly List<Probe> _probes = [];
    private readonly List<Task> _waits = [];
    private readonly List<CancellationTokenSource> _foreign = [];

    internal void RunUntil(Func<bool> isOver)
    {
        try
        {
            while (!isOver())
            {
                RunTree();
            }
        }
        catch (Exception e)
        {
            ledger.Fail($"a worker ended: {e}");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RunTree()
    {
        for (var i = 0; i < StepsPerTree; i++)
        {
            Step();
        }

        CutDown();
        ledger.AddOperations(StepsPerTree);
    }

    private void Step()
    {
        var ctx = Any();
        switch (_random.Next(20))
        {
            case 0 or 1 or 2:
                Own(ctx.WithCancel());
                break;
            case 3 or 4 or 5:
                Timed(ctx, TimeSpan.FromMilliseconds(_random.Next(0, 15)));
                break;
            case 6:
                Own(ctx.WithTimeout(TimeSpan.FromHours(1 + _random.Next(10_000)), s_cause));
                break;
            case 7:
                Own(ctx.WithCancel(Any()));
                break;
            case 8:
                _foreign.Add(new CancellationTokenSource());
                Own(ctx.WithCancel(_foreign[^1].Token));
                break;
            case 9:
                _contexts.Add(ctx.WithValue(s_keys[_random.Next(s_keys.Length)], _random.Next()));
                break;
            case 10:
                _contexts.Add(_random.Next(4) == 0 ? ctx.WithoutCancel() : Context.FromToken(ctx.Done));
                break;
            case 11 when _owned.Count > 0:
                _owned[_random.Next(_owned.Count)].Cancel(s_cause);
                break;
            case 12 when _owned.Count > 0:
                _owned[_random.Next(_owned.Count)].Dispose();
                break;
            case 13 when _foreign.Count > 0:
                _foreign[_random.Next(_foreign.Count)].Cancel();
                break;
            case 14 or 15:
                var probe = new Probe(ledger, ctx);
                _probes.Add(probe);
                ledger.Registered();
                probe.Registration = ctx.AfterFunc(probe.Run);
                break;
            case 16 when _probes.Count > 0:
                _probes[_random.Next(_probes.Count)].Stop();
                break;
            case 17 when !ctx.IsDone:
                _waits.Add(ctx.Delay(TimeSpan.FromMilliseconds(_random.Next(5))));
                break;
            case 18:
                _waits.Add(
                    ctx.WaitAsync(_random.Next(2) == 0 ? Task.CompletedTask : Task.Delay(_random.Next(5))));
                break;
            default:
                LookAt(ctx);
                break;
        }
    }

    private Context Any() => _contexts.Count == 0 || _random.Next(16) == 0
        ? roots[_random.Next(roots.Length)]
        : _contexts[_random.Next(_contexts.Count)];

    private void Own(CancelableContext ctx)
    {
        _owned.Add(ctx);
        _contexts.Add(ctx);
        if (_random.Next(64) == 0)
        {
            ledger.Watch(ctx);
        }
    }

    private void Timed(Context parent, TimeSpan timeout)
    {
        var start = Stopwatch.GetTimestamp();
        var ctx = parent.WithTimeout(timeout);
        Own(ctx);

        // Its own deadline, not one above.
        var isOwn = parent.Deadline is not { } above || ctx.Deadline < above;
        ledger.Registered();
        ctx.AfterFunc(() =>
        {
            ledger.Ran();
            if (isOwn && parent is { IsDone: false } && ctx.Err is DeadlineExceededException)
            {
                ledger.Passed(start, timeout);
            }
        });
    }

    private void LookAt(Context ctx)
    {
        _ = ctx.Value(s_keys[_random.Next(s_keys.Length)]);
        _ = ctx.Remaining;
        if (ctx.IsDone && !(ctx.Err is not null && ctx.Cause is not null && ctx.Done.IsCancellationRequested))
        {
            ledger.Fail("a context is done in one view and live in another");
        }
    }

    /// <summary>Ends all that this worker made, in random order, and lets go of it.</summary>
    private void CutDown()
    {
        foreach (var i in Enumerable.Range(0, _owned.Count).OrderBy(_ => _random.Next()))
        {
            _owned[i].Dispose();
        }

        if (_owned.Exists(static ctx =>
            !ctx.IsDone || Internals.ChildCount(ctx) + Internals.CallbackCount(ctx) > 0))
        {
            ledger.Fail("a disposed context is live, or holds on to something");
        }

        // Those on the shared roots and on detached contexts have nothing else to end them.
        _probes.ForEach(static probe => probe.Stop());
        _foreign.ForEach(static source => source.Dispose());
        if (!WaitForWaits())
        {
            ledger.Fail("a wait did not end");
        }

        _owned.Clear();
        _contexts.Clear();
        _probes.Clear();
        _foreign.Clear();
        _waits.Clear();
    }

    private bool WaitForWaits()
    {
        // One that its context ended is a canceled task; a fault would be something else.
        var all = Task.WhenAll(_waits);
        if (!((IAsyncResult)all).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(60)))
        {
            return false;
        }

        if (_waits.Find(static wait => wait.IsFaulted) is { } faulted)
        {
            ledger.Fail($"a wait failed: {faulted.Exception}");
        }

        return true;
    }
}
