using System.Diagnostics;
using System.Runtime.CompilerServices;

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
                for (var child = _children; child is not null; child = child.Next)
                {
                    count++;
                }

                Exit();
            }

            foreach (var branch in Branches)
            {
                count += branch.ChildCount;
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
                for (var callback = FirstCallback; callback is not null; callback = callback.Next)
                {
                    count++;
                }

                Exit();
            }

            foreach (var branch in Branches)
            {
                count += branch.CallbackCount;
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

            var any = _children is not null || FirstCallback is not null;
            Exit();
            return any;
        }
    }

    /// <summary>The source of the token, if anybody has asked for it. Acquire: it is seen whole.</summary>
    private ContextTokenSource? Source => Volatile.Read(ref _attached) as ContextTokenSource;

    /// <summary>The newest callback, then along its <see cref="Callback.Next"/>. Under the lock.</summary>
    private ref Callback? FirstCallback
    {
        get
        {
            if (_attached is not ContextTokenSource source)
            {
                return ref AsCallback(ref _attached);
            }

            if (source.Attached is BranchSet set)
            {
                return ref set.FirstCallback;
            }

            return ref AsCallback(ref source.Attached);
        }
    }

    /// <summary>
    /// Makes <paramref name="child"/>, which nobody else has seen, end along with this context.
    /// </summary>
    internal void Adopt(CancelableContext child)
    {
        Debug.Assert(
            (child._state & (Locked | Closed)) == 0, "A child is adopted before anybody else has seen it.");
        if (IsMarked(Branched) ? TryHangOnBranch(child) : EnterLive())
        {
            if (child._branch != 0)
            {
                return;
            }

            Link(child, ref _children);
            Exit();
            if (IsMarked(Foreign))
            {
                OnDependents();
            }
        }
        else
        {
            child._outcome = WaitUntilDone();
            child._state |= Closed | Over;
            if (child.IsMarked(Waiter))
            {
                // The context has ended since its owner looked: no cancellation comes by any more to wake it.
                child.Wake();
            }
        }
    }

    /// <summary>Runs <paramref name="callback"/> when this context is done: now, if it is.</summary>
    internal void Add(Callback callback)
    {
        if (IsMarked(Branched) ? TryHangOnBranch(callback) : EnterLive())
        {
            if (callback.Branch != 0)
            {
                return;
            }

            if (callback.IsStopped)
            {
                // Stopped before it got here: its removal has found nothing, and will not come again.
                Exit();
                return;
            }

            callback.Link(ref FirstCallback);
            Exit();
            if (IsMarked(Foreign))
            {
                OnDependents();
            }
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

    /// <summary>Lets go of a callback that was stopped, and may not be here yet.</summary>
    /// <returns>
    /// Whether it hangs here no more. Else it is in the hands of the cancellation that closed this.
    /// </returns>
    internal bool Remove(Callback callback)
    {
        if (callback.Branch != 0)
        {
            return RemoveFromBranch(callback);
        }

        if (!EnterLive())
        {
            return false;
        }

        callback.Unlink(ref FirstCallback);
        Exit();
        if (IsMarked(Foreign))
        {
            OnDependents();
        }

        return true;
    }

    /// <summary>
    /// Called for a foreign context, outside the lock, after a child or callback came or went.
    /// </summary>
    private protected virtual void OnDependents()
    {
    }

    private static ref Callback? AsCallback(ref object? attached)
    {
        Debug.Assert(attached is null or Callback, "What is attached is a source, branches or a callback.");
        return ref Unsafe.As<object?, Callback?>(ref attached);
    }

    private void Disown(CancelableContext child)
    {
        if (child._branch != 0)
        {
            DisownOnBranch(child);
            return;
        }

        // Once this context has closed, the child's links belong to the cancellation that closed it.
        if (!EnterLive())
        {
            return;
        }

        Unlink(child, ref _children);
        Exit();
        if (IsMarked(Foreign))
        {
            OnDependents();
        }
    }

    private static void Link(CancelableContext child, ref CancelableContext? first)
    {
        child._next = first;
        if (first is not null)
        {
            first._previous = child;
        }

        first = child;
    }

    private static void Unlink(CancelableContext child, ref CancelableContext? first)
    {
        if (child._previous is { } previous)
        {
            previous._next = child._next;
        }
        else
        {
            first = child._next;
        }

        if (child._next is { } next)
        {
            next._previous = child._previous;
        }

        child._next = child._previous = null;
    }

    /// <summary>Takes the lock, if the context is live.</summary>
    private bool EnterLive()
    {
        // The exchange is a full fence: what the last holder wrote is seen by this one.
        var state = Volatile.Read(ref _state);
        return (state & (Locked | Closed)) == 0
            && Interlocked.CompareExchange(ref _state, state | Locked, state) == state
            || EnterLiveContended();
    }

    private bool EnterLiveContended()
    {
        if (!IsMarked(Closed | Foreign | Branched) && Seam.IsCrowded())
        {
            BranchOut();
        }

        for (var wait = default(SpinWait); ; Seam.Wait(ref wait))
        {
            var state = Volatile.Read(ref _state);
            if ((state & Closed) != 0)
            {
                return false;
            }

            if ((state & Locked) == 0
                && Interlocked.CompareExchange(ref _state, state | Locked, state) == state)
            {
                return true;
            }
        }
    }

    /// <summary>Takes the lock, also of a context that is closed.</summary>
    private void Enter()
    {
        for (var wait = default(SpinWait); ; Seam.Wait(ref wait))
        {
            var unlocked = Volatile.Read(ref _state) & ~Locked;
            if (Interlocked.CompareExchange(ref _state, unlocked | Locked, unlocked) == unlocked)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Releases the lock, and sets or clears marks in the same write: only the holder writes the state.
    /// </summary>
    private void Exit(int set = 0, int clear = 0) =>
        Volatile.Write(ref _state, (_state & ~(Locked | clear)) | set);
}
