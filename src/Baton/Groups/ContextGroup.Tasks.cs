namespace Baton;

// Which tasks run, and which wait for their turn. One lock guards everything in the group that changes. No
// code of a caller runs under it and no thread waits for anything under it: contexts are asked and ended, and
// tasks completed, outside it.
public sealed partial class ContextGroup
{
    private readonly Lock _lock = new();
    private readonly int _limit;

    /// <summary>The tasks that wait for their turn, linked by their <see cref="GroupTask.Next"/>.</summary>
    private GroupTask? _firstWaiting, _lastWaiting;

    /// <summary>
    /// How many places are taken. A place that becomes free goes to the first task that waits for its turn.
    /// </summary>
    private int _running;

    /// <summary>How many tasks were given and have neither ended nor been dropped.</summary>
    private int _pending;

    /// <summary>
    /// <see cref="EndTurns"/> has run: a task that began to wait for its turn now would wait for ever.
    /// </summary>
    private bool _isOver;

    /// <summary>Called once the context is done, on the thread that ended it.</summary>
    /// <returns>Whether tasks wait for a turn, so that <see cref="DropWaiting"/> must be called.</returns>
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
        GroupTask? task;
        lock (_lock)
        {
            task = _firstWaiting;
            _firstWaiting = _lastWaiting = null;
            _wasCutShort |= task is not null;
        }

        for (; task is not null; task = task.Next)
        {
            task.Drop(_ctx.NewError());
            Leave(hadPlace: false);
        }
    }

    /// <summary>Called when a task that was started has ended.</summary>
    internal void Finish(GroupTask task, Task ended)
    {
        // The order matters. Note comes first: code that sees this task's result failed must find the context
        // done. Leave comes last: code that is told that no task is left must find every result complete.
        Note(ended, task.Result);
        task.End(ended);
        Leave(hadPlace: true);
    }

    private void Add(GroupTask task)
    {
        var isStarted = false;
        var isDone = _ctx.IsDone;
        lock (_lock)
        {
            if (_isClosed)
            {
                throw new ObjectDisposedException(
                    nameof(ContextGroup),
                    "This group was disposed, and all its tasks have ended. Make another one with Group().");
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
                    _ = _lastWaiting is null ? _firstWaiting = task : _lastWaiting.Next = task;
                    _lastWaiting = task;
                }
            }
        }

        if (isStarted)
        {
            task.Start();
        }
        else if (isDone)
        {
            task.Drop(_ctx.NewError());
        }
    }

    private bool TryTakePlace()
    {
        var isDone = _ctx.IsDone;
        lock (_lock)
        {
            // While a task waits for its turn all places are taken, so this call overtakes none. The group
            // may have been closed since the context was asked.
            if (isDone || _isOver || _isClosed || _running >= _limit)
            {
                return false;
            }

            _running++;
            _pending++;
            return true;
        }
    }

    /// <summary>A task is no longer pending. If it had a place, the next task takes the place.</summary>
    private void Leave(bool hadPlace)
    {
        // If the context is done, DropWaiting takes care of the tasks that wait.
        var isNextToStart = hadPlace && !_ctx.IsDone;
        GroupTask? next = null;
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
                isLast = _isClosed = _closing is not null;
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
            _closing!.SetResult();
        }
    }
}
