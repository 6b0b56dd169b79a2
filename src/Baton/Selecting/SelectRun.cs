using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Baton;

/*
   A run is one await of a select that has to wait. It has the waits, and the task that it completes. An await
   that finds a case ready has no run, unless it had to start a wait to learn whether a channel has ended.

        Busy ◄────► Waiting ────► Over
        │ ▲ │                      ▲
        ▼ │ └──────────────────────┘
       Again

   Busy      One thread holds the run: it tries cases and starts waits. A thread that signals meanwhile does
             not wait for the holder: it makes the run Again, and leaves.
   Again     A wait was signaled while a thread held the run. The holder looks at all waits once more.
   Waiting   No thread holds the run. The next thread that signals takes hold of it.
   Over      A case was taken. The waits are given up, and the task completes.

   Invariants:

   1. One thread at a time holds the run, and only the holder tries to receive or to send.
   2. One case is taken, and nothing is tried after that: Over is entered once and never left.
   3. The holder lets go only when every case that can become ready has a wait, and no signal came since the
      holder last looked. Otherwise a signal would be lost, and the await would never complete.
   4. The task completes after every wait has been released.

   A thread that ends a context must run no foreign code: no channel, no continuation, no cancellation
   callback. So Ready takes its case without trying any other, and leaves the rest to the thread pool. If all
   cases are plain, the rest is no foreign code either, and Ready does it at once; the task then runs its
   continuations on the thread pool.
*/

/// <summary>
/// One await of a select that has to wait. It is the source of the task that the await gets.
/// </summary>
internal sealed class SelectRun : TaskCompletionSource<int>, IThreadPoolWorkItem
{
    /// <summary>Selects with more cases than this keep their random order on the heap.</summary>
    internal const int MostOnStack = 64;

    private const int Busy = 0;
    private const int Again = 1;
    private const int Waiting = 2;
    private const int Over = 3;

    /// <summary>The wait of each case; null if the case can never become ready.</summary>
    private readonly ISelectWait?[] _waits;

    private int _state;

    /// <summary>What the task will end as. Written once, by the thread that takes a case.</summary>
    private Task<int>? _outcome;

    private CancellationTokenSource? _stop;

    /// <summary>Makes a run that the calling thread holds.</summary>
    internal SelectRun(ReadOnlySpan<SelectCase> cases)
        : base(ArePlain(cases)
            ? TaskCreationOptions.RunContinuationsAsynchronously
            : TaskCreationOptions.None) =>
        _waits = new ISelectWait?[cases.Length];

    /// <summary>Canceled when the run is over, to end the waits on channels and tasks.</summary>
    internal CancellationToken StopToken
    {
        get
        {
            AssertHeld();
            return (_stop ??= new CancellationTokenSource()).Token;
        }
    }

    private bool IsPlain => Task.CreationOptions == TaskCreationOptions.RunContinuationsAsynchronously;

    /// <summary>Fills <paramref name="order"/> with the indexes from zero, in random order.</summary>
    internal static void Shuffle(Span<int> order, Random random)
    {
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        random.Shuffle(order);
    }

    /// <summary>Starts the wait for one case.</summary>
    /// <returns>The outcome if the case was taken instead, else null.</returns>
    internal Task<int>? StartWait(ReadOnlySpan<SelectCase> cases, int index)
    {
        AssertHeld();
        var wait = cases[index].NewWait(this, cases);
        _waits[index] = wait;
        return wait?.Start(index);
    }

    /// <summary>Starts the waits that have not started yet, and lets go of the run.</summary>
    /// <returns>The task of the await. It has completed if a case turned out to be ready.</returns>
    internal Task<int> Wait(ReadOnlySpan<SelectCase> cases)
    {
        if (StartWaits(cases) || !LetGo())
        {
            SetOver();
            Complete();
        }

        return Task;
    }

    /// <summary>Ends a run whose select has taken a case by itself.</summary>
    internal void Abandon()
    {
        SetOver();
        Release();
    }

    /// <summary>
    /// Signals that the case of <paramref name="wait"/> is ready, and will stay so. Takes the case if no
    /// thread holds the run. Runs no foreign code.
    /// </summary>
    internal void Ready(ISelectWait wait)
    {
        if (!TakeHold(Over))
        {
            return;
        }

        Take(wait.TryTake(IndexOf(wait)));
        Debug.Assert(_outcome is not null, "A wait that says its case is ready can take the case.");
        if (IsPlain)
        {
            Complete();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>
    /// Signals that a case may be ready. Tries the cases whose waits have ended, if no thread holds the run.
    /// </summary>
    internal void Wake()
    {
        // A channel may end its waits on the stack of the thread that writes to it. A try here may then wake
        // another select, which tries its own cases, and so on: with too little stack left, the thread pool
        // continues.
        if (TakeHold(Busy) && (!RuntimeHelpers.TryEnsureSufficientExecutionStack() || TryAgain()))
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>
    /// Continues, on the thread pool, what <see cref="Ready"/> or <see cref="Wake"/> began.
    /// </summary>
    void IThreadPoolWorkItem.Execute()
    {
        if (Volatile.Read(ref _state) == Over || TryAgain())
        {
            Complete();
        }
    }

    private static bool ArePlain(ReadOnlySpan<SelectCase> cases)
    {
        foreach (var one in cases)
        {
            if (!one.IsPlain)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Starts the waits, until a case turns out to be ready.</summary>
    /// <returns>Whether a case was taken.</returns>
    private bool StartWaits(ReadOnlySpan<SelectCase> cases)
    {
        try
        {
            for (var i = 0; i < _waits.Length && _outcome is null; i++)
            {
                if (_waits[i] is null)
                {
                    Take(StartWait(cases, i));
                }
            }
        }
        catch (Exception e)
        {
            // A channel or the clock has thrown: the await gives its exception.
            Take(EndedTask.By<int>(e));
        }

        return _outcome is not null;
    }

    /// <summary>Tries the cases whose waits have ended, in random order.</summary>
    /// <returns>Whether a case was taken.</returns>
    private bool TryTakeAny()
    {
        AssertHeld();
        var count = _waits.Length;
        Span<int> order = count <= MostOnStack ? stackalloc int[count] : new int[count];
        Shuffle(order, Random.Shared);
        try
        {
            for (var i = 0; i < order.Length && _outcome is null; i++)
            {
                Take(_waits[order[i]]?.TryTake(order[i]));
            }
        }
        catch (Exception e)
        {
            // A channel has thrown: the await gives its exception.
            Take(EndedTask.By<int>(e));
        }

        return _outcome is not null;
    }

    private int IndexOf(ISelectWait wait)
    {
        var index = 0;
        while (_waits[index] != wait)
        {
            index++;
        }

        return index;
    }

    private void Take(Task<int>? outcome)
    {
        Debug.Assert(_outcome is null, "Nothing is taken after the first case.");
        _outcome = outcome;
    }

    /// <summary>
    /// Takes hold of the run, if no thread holds it. Otherwise tells the holder to look again.
    /// </summary>
    /// <param name="next"><see cref="Busy"/> or <see cref="Over"/>: what the run becomes.</param>
    private bool TakeHold(int next)
    {
        for (var spin = default(SpinWait); ;)
        {
            // The caller has marked its wait as ended. Each exchange is a full fence after that: either the
            // holder sees the mark, or this thread sees that the holder has let go.
            Seam.Step();
            if (Interlocked.CompareExchange(ref _state, next, Waiting) == Waiting)
            {
                Debug.Assert(_outcome is null, "No case was taken while no thread held the run.");
                return true;
            }

            if (Interlocked.CompareExchange(ref _state, Again, Busy) is Busy or Again or Over)
            {
                return false;
            }

            // The holder has let go between the two exchanges.
            Seam.Wait(ref spin);
        }
    }

    /// <summary>Lets go of the run, unless a wait that was signaled meanwhile gives a case to take.</summary>
    /// <returns>False if a case was taken: this thread still holds the run.</returns>
    private bool LetGo()
    {
        AssertHeld();
        Debug.Assert(_outcome is null, "A run with an outcome is over.");
        Seam.Step();
        while (Interlocked.CompareExchange(ref _state, Waiting, Busy) != Busy)
        {
            // This exchange is a full fence before the waits are read: a signal that is not seen now comes
            // later, and makes the run Again once more.
            Interlocked.Exchange(ref _state, Busy);
            Seam.Step();
            if (TryTakeAny())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>For the thread that has just taken hold of the run.</summary>
    /// <returns>Whether a case was taken, and the run is over.</returns>
    private bool TryAgain()
    {
        if (!TryTakeAny() && LetGo())
        {
            return false;
        }

        SetOver();
        return true;
    }

    private void SetOver()
    {
        var before = Interlocked.Exchange(ref _state, Over);
        Debug.Assert(before is Busy or Again, "Over is entered once, by the thread that holds the run.");
    }

    /// <summary>Gives up every wait, and completes the task.</summary>
    private void Complete()
    {
        Debug.Assert(_outcome is not null, "A run is over because a case was taken.");
        Release();
        SetFromTask(_outcome);
    }

    /// <summary>Gives up every wait.</summary>
    private void Release()
    {
        Debug.Assert(_state == Over, "Waits are given up when the run is over.");
        foreach (var wait in _waits)
        {
            wait?.Release();
        }

        try
        {
            // The source has no timer, so it needs no disposal.
            _stop?.Cancel();
        }
        catch (Exception e)
        {
            // A foreign channel has thrown from its cancellation callback. The case was taken all the same,
            // so the exception is reported as that of a task that no code awaits.
            _ = System.Threading.Tasks.Task.FromException(e);
        }
    }

    [Conditional("DEBUG")]
    private void AssertHeld() =>
        Debug.Assert(Volatile.Read(ref _state) is Busy or Again, "The calling thread holds the run.");
}
