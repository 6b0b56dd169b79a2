using System.Diagnostics;

namespace Baton;

// What hangs on a context, and the lock that guards it.
public abstract partial class CancelableContext
{
    /// <summary>Live children, for tests.</summary>
    internal int ChildCount
    {
        get
        {
            var count = 0;
            if (EnterLive())
            {
                for (var child = _children; child is not null; child = child._next)
                {
                    count++;
                }

                Exit();
            }

            return count;
        }
    }

    /// <summary>Waiting callbacks, for tests.</summary>
    internal int CallbackCount
    {
        get
        {
            var count = 0;
            if (EnterLive())
            {
                for (var callback = _callbacks; callback is not null; callback = callback.Next)
                {
                    count++;
                }

                Exit();
            }

            return count;
        }
    }

    /// <summary>Whether a child or callback hangs on the context.</summary>
    private protected bool HasDependents
    {
        get
        {
            if (!EnterLive())
            {
                return false;
            }

            var any = _children is not null || _callbacks is not null;
            Exit();
            return any;
        }
    }

    /// <summary>
    /// Makes <paramref name="child"/>, which nobody else has seen, end along with this context.
    /// </summary>
    internal void Adopt(CancelableContext child)
    {
        Debug.Assert(child._state == 0, "A child is adopted before anybody else has seen it.");
        if (EnterLive())
        {
            child._next = _children;
            if (_children is { } first)
            {
                first._previous = child;
            }

            _children = child;
            Exit();
            OnJoined();
        }
        else
        {
            child._outcome = WaitUntilDone();
            child._state = Closed | Over;
        }
    }

    /// <summary>Runs <paramref name="callback"/> when this context is done: now, if it is.</summary>
    internal void Add(Callback callback)
    {
        if (EnterLive())
        {
            callback.Next = _callbacks;
            if (_callbacks is { } first)
            {
                first.Previous = callback;
            }

            _callbacks = callback;
            Exit();
            OnJoined();
        }
        else
        {
            WaitUntilDone();
            if (callback.TryStart())
            {
                callback.Run();
            }
        }
    }

    /// <summary>Lets go of a callback that was stopped.</summary>
    internal void Remove(Callback callback)
    {
        if (!EnterLive())
        {
            return;
        }

        if (callback.Previous is { } previous)
        {
            previous.Next = callback.Next;
        }
        else
        {
            _callbacks = callback.Next;
        }

        if (callback.Next is { } next)
        {
            next.Previous = callback.Previous;
        }

        callback.Next = callback.Previous = null;
        var isEmpty = _children is null && _callbacks is null;
        Exit();
        if (isEmpty)
        {
            OnEmptied();
        }
    }

    /// <summary>Called outside the lock after a child or callback was added.</summary>
    private protected virtual void OnJoined()
    {
    }

    /// <summary>Called outside the lock after the last child or callback was removed.</summary>
    private protected virtual void OnEmptied()
    {
    }

    private void Disown(CancelableContext child)
    {
        // Once this context has closed, the child's links belong to the cancellation that closed it.
        if (!EnterLive())
        {
            return;
        }

        if (child._previous is { } previous)
        {
            previous._next = child._next;
        }
        else
        {
            _children = child._next;
        }

        if (child._next is { } next)
        {
            next._previous = child._previous;
        }

        child._next = child._previous = null;
        var isEmpty = _children is null && _callbacks is null;
        Exit();
        if (isEmpty)
        {
            OnEmptied();
        }
    }

    /// <summary>Takes the lock, if the context is live.</summary>
    private bool EnterLive()
    {
        Enter();
        if ((_state & Closed) == 0)
        {
            return true;
        }

        Exit();
        return false;
    }

    private void Enter()
    {
        // The exchange is a full fence: what the last holder wrote is seen by this one.
        var unlocked = Volatile.Read(ref _state) & ~Locked;
        if (Interlocked.CompareExchange(ref _state, unlocked | Locked, unlocked) != unlocked)
        {
            EnterContended();
        }
    }

    private void EnterContended()
    {
        var wait = default(SpinWait);
        int unlocked;
        do
        {
            Seam.Wait(ref wait);
            unlocked = Volatile.Read(ref _state) & ~Locked;
        }
        while (Interlocked.CompareExchange(ref _state, unlocked | Locked, unlocked) != unlocked);
    }

    /// <summary>
    /// Releases the lock, and sets or clears marks in the same write: only the holder writes the state.
    /// </summary>
    private void Exit(int set = 0, int clear = 0) =>
        Volatile.Write(ref _state, (_state & ~(Locked | clear)) | set);
}
