using System.Runtime.CompilerServices;

namespace Baton;

/*
   One run of a select. Each await is one; the first takes this object itself, later ones a copy of it, unless
   nothing had to be waited for: then the object is as good as new.

        Idle ──► Busy ◄──► Waiting ──► Over
                  │ ▲         (a case that is ready for good goes straight to Over)
                  ▼ │
                 Again

   Busy      one thread has the run: it tries cases, and starts waits. It holds nobody up: whoever comes by
             leaves a signal and makes it Again.
   Again     a case was signaled meanwhile: the thread that has the run looks once more.
   Waiting   nobody has the run. Whoever signals a case takes it.
   Over      a case was taken. Entered once, by the thread that has the run, or from Waiting.

   Hence only one thread at a time tries to receive or to send, and none after the first success.

   A context that ends runs no code of anybody else's (channels, handlers, continuations), so it only ever
   takes the step to Over; the rest happens on the thread pool. Where nothing of that kind is left to do, as
   no case has a handler, a channel or a task, it completes the select as well; whoever awaits it goes on
   elsewhere.
*/
public sealed partial class SelectCases
{
    private const int Idle = 0;
    private const int Busy = 1;
    private const int Again = 2;
    private const int Waiting = 3;
    private const int Over = 4;

    private const TaskCreationOptions RunsNobodysCode = TaskCreationOptions.RunContinuationsAsynchronously;

    private int _state;

    /// <summary>
    /// How many of the cases belong to this run: what is added later takes part in the next.
    /// </summary>
    private int _running;

    /// <summary>The case taken, and where it stands. Written by the one that makes the run over.</summary>
    private SelectCase? _taken;
    private int _index;

    /// <summary>What a run that waits completes. Of plain cases: so that it runs nobody's code.</summary>
    private TaskCompletionSource<int>? _result;
    private CancellationTokenSource? _stop;
    private ExecutionContext? _flow;

    /// <summary>A copy that nothing waited in, for the next run.</summary>
    private SelectCases? _spare;

    private SelectCases(SelectCases other)
    {
        _running = other._count;
        for (var i = 0; i < _running; i++)
        {
            Append(other[i].Fresh());
        }
    }

    /// <summary>Canceled when the run is over: what waits on channels and tasks goes by it.</summary>
    /// <remarks>For the thread that has the run.</remarks>
    internal CancellationToken StopToken => (_stop ??= new CancellationTokenSource()).Token;

    /// <summary>Where delays wait: the queue of the first context among the cases.</summary>
    internal DeadlineQueue Queue
    {
        get
        {
            for (var i = 0; i < _running; i++)
            {
                if (this[i] is DoneCase { Context: var ctx })
                {
                    return ctx.Queue;
                }
            }

            return DeadlineQueue.System;
        }
    }

    /// <summary>
    /// Selects, with the choice among cases that are ready now made by <paramref name="random"/>.
    /// </summary>
    internal Task<int> AsTask(Random random)
    {
        // The exchange is a full fence: what an earlier run left in the cases is seen by this one.
        if (Interlocked.CompareExchange(ref _state, Busy, Idle) == Idle)
        {
            _running = _count;
            return Begin(random);
        }

        var spare = Interlocked.Exchange(ref _spare, null);
        var run = spare is not null && spare._running == _count ? spare : new SelectCases(this);
        run._state = Busy;
        var result = run.Begin(random);
        if (Volatile.Read(ref run._state) == Idle)
        {
            // Release: the next run finds the cases as this one left them.
            Volatile.Write(ref _spare, run);
        }

        return result;
    }

    /// <summary>
    /// The case is ready for good: takes it, unless the run is over. Runs nobody else's code.
    /// </summary>
    internal void Win(SelectCase ready) => Signal(ready, Over);

    /// <summary>The case may be ready: tries it, unless the run is over.</summary>
    internal void Wake(SelectCase signaled) => Signal(signaled, Busy);

    /// <summary>Goes on where <see cref="Signal"/> left off, on the thread pool.</summary>
    internal void Resume()
    {
        if (Volatile.Read(ref _state) != Over)
        {
            TryAgain(signaled: null);
            return;
        }

        Release();
        if (_flow is null)
        {
            _ = CompleteAsync();
        }
        else
        {
            ExecutionContext.Run(_flow, static run => _ = ((SelectCases)run!).CompleteAsync(), this);
        }
    }

    private Task<int> Begin(Random random)
    {
        if (TryTakeAny(random) || TryTakeDefault())
        {
            return Conclude(hasWaited: false);
        }

        if (_running == 2 && DelayOrDoneContext.TryStart(_first!, _second!) is { } waiting)
        {
            // It waits by itself: another run may have the cases. Release: so that it sees them as they are
            // now.
            Volatile.Write(ref _state, Idle);
            return waiting;
        }

        var result = MakeResult();
        return TryTakeWaiting() || TryTakeSignaled() ? Conclude(hasWaited: true) : result;
    }

    /// <summary>The task to complete, made before anybody can.</summary>
    private Task<int> MakeResult()
    {
        var hasHandlers = false;
        var isPlain = true;
        for (var i = 0; i < _running; i++)
        {
            hasHandlers |= this[i].HasHandler;
            isPlain &= this[i].IsPlain;
        }

        _flow = hasHandlers ? ExecutionContext.Capture() : null;
        _result = new TaskCompletionSource<int>(isPlain ? RunsNobodysCode : TaskCreationOptions.None);
        return _result.Task;
    }

    /// <summary>Tries the cases, or those that were signaled, in an order drawn at random.</summary>
    private bool TryTakeAny(Random random, bool ifSignaled = false)
    {
        Span<int> order = _running <= 64 ? stackalloc int[_running] : new int[_running];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        for (var i = 0; i < order.Length; i++)
        {
            var drawn = i == order.Length - 1 ? i : random.Next(i, order.Length);
            (order[i], order[drawn]) = (order[drawn], order[i]);
            var candidate = this[order[i]];
            if ((!ifSignaled || candidate.IsSignaled) && TryTake(order[i]))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryTakeDefault()
    {
        for (var i = 0; i < _running; i++)
        {
            if (this[i] is DefaultCase)
            {
                _taken = this[i];
                _index = i;
                return true;
            }
        }

        return false;
    }

    /// <summary>Starts the waits, unless a case turns out to be ready on the way.</summary>
    private bool TryTakeWaiting()
    {
        for (var i = 0; i < _running; i++)
        {
            if (!this[i].IsWaiting && TryTake(i, isWaiting: true))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryTake(int index, bool isWaiting = false)
    {
        var candidate = this[index];
        try
        {
            if (!(isWaiting ? candidate.Await(this) : candidate.TryTake(this)))
            {
                return false;
            }

            _taken = candidate;
        }
        catch (Exception e)
        {
            // A failure is its awaiter's, on whatever thread it came up.
            _taken = new FailedCase(e);
        }

        _index = index;
        return true;
    }

    /// <summary>Lets go of the run, or takes a case that was signaled meanwhile.</summary>
    private bool TryTakeSignaled()
    {
        Seam.Step();
        while (Interlocked.CompareExchange(ref _state, Waiting, Busy) != Busy)
        {
            // A full fence between this write and the reads of the flags: a signal that is not seen now comes
            // after it, and makes it Again once more.
            Interlocked.Exchange(ref _state, Busy);
            Seam.Step();
            if (TryTakeAny(Random.Shared, ifSignaled: true))
            {
                return true;
            }
        }

        return false;
    }

    private void Signal(SelectCase signaled, int next)
    {
        signaled.IsSignaled = true;
        for (var wait = default(SpinWait); ;)
        {
            // Each exchange is a full fence after the write of the flag: either the thread that has the run
            // sees the flag, or this one sees that it has let go.
            Seam.Step();
            if (Interlocked.CompareExchange(ref _state, next, Waiting) == Waiting)
            {
                Continue(signaled, next);
                return;
            }

            if (Interlocked.CompareExchange(ref _state, Again, Busy) is Busy or Again or Over)
            {
                return;
            }

            Seam.Wait(ref wait);
        }
    }

    private void Continue(SelectCase signaled, int next)
    {
        if (next == Over)
        {
            _taken = signaled;
            _index = IndexOf(signaled);
            if (_result!.Task.CreationOptions == RunsNobodysCode)
            {
                Release();
                _result.SetResult(_index);
            }
            else
            {
                ThreadPool.UnsafeQueueUserWorkItem(signaled, preferLocal: false);
            }
        }
        else if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            TryAgain(signaled);
        }
        else
        {
            // A channel may run its waits inline, and a try here may wake another select, and so on.
            ThreadPool.UnsafeQueueUserWorkItem(signaled, preferLocal: false);
        }
    }

    /// <summary>For the thread that has just got the run.</summary>
    private void TryAgain(SelectCase? signaled)
    {
        if (TryTakeAny(Random.Shared, ifSignaled: true) || TryTakeSignaled())
        {
            Volatile.Write(ref _state, Over);
            ThreadPool.UnsafeQueueUserWorkItem(signaled ?? this[_index], preferLocal: false);
        }
    }

    /// <summary>Ends a run that took a case on its caller's thread.</summary>
    private Task<int> Conclude(bool hasWaited)
    {
        var (taken, index) = (_taken!, _index);
        var isUntouched = !hasWaited && _stop is null;
        if (!isUntouched)
        {
            Volatile.Write(ref _state, Over);
            Release();
        }

        var result = taken.HasEpilogue
            ? FinishAsync(taken, index)
            : System.Threading.Tasks.Task.FromResult(index);
        if (isUntouched)
        {
            // The handler has been given its item: another run may have the cases. Release: so that it sees
            // them as they are now.
            Volatile.Write(ref _state, Idle);
        }

        return result;
    }

    private async Task CompleteAsync()
    {
        try
        {
            await FinishAsync(_taken!, _index).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _result!.SetFromTask(EndedTask.By<int>(e));
            return;
        }

        _result!.SetResult(_index);
    }

    private static async Task<int> FinishAsync(SelectCase taken, int index)
    {
        if (taken.Epilogue() is { } rest)
        {
            await rest.ConfigureAwait(false);
        }

        return index;
    }

    /// <summary>Lets go of everything that was waited on.</summary>
    private void Release()
    {
        for (var i = 0; i < _running; i++)
        {
            this[i].Release();
        }

        try
        {
            // Without a timer there is nothing to dispose.
            _stop?.Cancel();
        }
        catch (Exception e)
        {
            // From a channel of somebody else's. The case was taken all the same.
            _ = System.Threading.Tasks.Task.FromException(e);
        }
    }
}
