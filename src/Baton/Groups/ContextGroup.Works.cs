namespace Baton;

// Which works run, which wait, and what they ended with. Everything that changes is guarded by one lock,
// under which nobody else's code runs and nothing is waited for: contexts are asked and ended, and tasks
// completed, outside it.
public sealed partial class ContextGroup
{
    private readonly Lock _lock = new();
    private readonly int _limit;

    /// <summary>The works that wait for their turn, linked by their <see cref="GroupWork.Next"/>.</summary>
    private GroupWork? _firstWaiting, _lastWaiting;

    /// <summary>The places that are taken. One that becomes free goes to the first that waits.</summary>
    private int _running;

    /// <summary>The works that were given and have neither ended nor been dropped.</summary>
    private int _pending;

    /// <summary>The end of the context has been here: who came to wait now would wait for ever.</summary>
    private bool _isOver;

    /// <summary>Whether the end of the context kept a work from starting, or made one end.</summary>
    private bool _wasCutShort;

    private List<Failure>? _failures;

    /// <summary>Whether a task has taken the failures over: it reports them if nobody looks.</summary>
    private bool _isHandedOut;

    private TaskCompletionSource? _wait, _disposal;

    /// <summary>Disposed, and no work left. None comes any more.</summary>
    private bool _isClosed;

    /// <summary>What <see cref="Context.GroupAsync"/> does.</summary>
    internal Task RunAsync(Func<ContextGroup, Task> body)
    {
        var end = NewSource();
        _isHandedOut = true;
        _ = RunToEndAsync(body, end);
        return end.Task;
    }

    /// <summary>Called once the context is done, on the thread that ended it.</summary>
    /// <returns>Whether works wait, so that <see cref="DropWaiting"/> is to be called.</returns>
    internal bool EndTurns()
    {
        lock (_lock)
        {
            _isOver = true;
            return _firstWaiting is not null;
        }
    }

    internal void DropWaiting()
    {
        GroupWork? work;
        lock (_lock)
        {
            work = _firstWaiting;
            _firstWaiting = _lastWaiting = null;
            _wasCutShort |= work is not null;
        }

        for (; work is not null; work = work.Next)
        {
            work.Drop(_ctx.NewError());
            Leave(hadPlace: false);
        }
    }

    /// <summary>Called when a work that was started has ended, with its task.</summary>
    internal void Finish(GroupWork work, Task task)
    {
        // In this order: the others are told to end before anybody goes on who waits for this work's result;
        // and whoever is told that no work is left finds every result there.
        Note(task, work.Result);
        work.End(task);
        Leave(hadPlace: true);
    }

    private void Add(GroupWork work)
    {
        var isStarted = false;
        var isDone = _ctx.IsDone;
        lock (_lock)
        {
            if (_isClosed)
            {
                throw new ObjectDisposedException(
                    nameof(ContextGroup),
                    "This group was disposed, and all its works have ended. Make another one with Group().");
            }

            if (isDone || _isOver)
            {
                isDone = _wasCutShort = true;
            }
            else
            {
                _pending++;
                isStarted = _running < _limit;
                if (isStarted)
                {
                    _running++;
                }
                else
                {
                    _ = _lastWaiting is null ? _firstWaiting = work : _lastWaiting.Next = work;
                    _lastWaiting = work;
                }
            }
        }

        if (isStarted)
        {
            work.Start();
        }
        else if (isDone)
        {
            work.Drop(_ctx.NewError());
        }
    }

    private bool TryTakePlace()
    {
        var isDone = _ctx.IsDone;
        lock (_lock)
        {
            // While a work waits all places are taken, so nobody is overtaken here. Closed: the context may
            // have been live when it was asked.
            if (isDone || _isOver || _isClosed || _running >= _limit)
            {
                return false;
            }

            _running++;
            _pending++;
            return true;
        }
    }

    /// <summary>A work is no longer pending: its place, if it had one, goes to the next.</summary>
    private void Leave(bool hadPlace)
    {
        // If the context is done, those that wait are left to DropWaiting.
        var isNextToStart = hadPlace && !_ctx.IsDone;
        GroupWork? next = null;
        TaskCompletionSource? wait = null;
        var isLast = false;
        lock (_lock)
        {
            if (isNextToStart && _firstWaiting is not null)
            {
                next = _firstWaiting;
                _firstWaiting = next.Next;
                next.Next = null;
                _lastWaiting = _firstWaiting is null ? null : _lastWaiting;
            }
            else if (hadPlace)
            {
                _running--;
            }

            if (--_pending == 0)
            {
                (wait, _wait) = (_wait, null);
                isLast = _isClosed = _disposal is not null;
            }
        }

        next?.Start();
        if (wait is not null)
        {
            Settle(wait);
        }

        if (isLast)
        {
            Close();
            _disposal!.SetResult();
        }
    }

    private void Close()
    {
        _ctx.Dispose();
        Exception[] lost;
        lock (_lock)
        {
            lost = _isHandedOut
                ? []
                : [.. _failures?.Where(f => f.Reporter is null).Select(f => f.Exception) ?? []];
        }

        if (lost.Length > 0)
        {
            // A faulted task that nobody looks at is how .NET reports what nobody awaited.
            NewSource().SetException(lost);
        }
    }
}
