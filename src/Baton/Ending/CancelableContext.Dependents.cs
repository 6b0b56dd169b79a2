using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Baton;

// What hangs on a context: its children, its callbacks, and the source of its token.
public abstract partial class CancelableContext
{
    /// <summary>
    /// The neighbours in the parent's list of children. The parent's lock guards them until the parent
    /// closes; then the cancellation that closed the parent owns them.
    /// </summary>
    private CancelableContext? _next, _previous;

    /// <summary>
    /// The newest child; the others follow by <see cref="_next"/>. The lock guards it until the context
    /// closes.
    /// </summary>
    private CancelableContext? _children;

    /// <summary>
    /// Until the first reader of <see cref="Done"/>: the newest callback. From then on: the source of the
    /// token, which holds the callbacks. One field for two, because few contexts have both. It is set under
    /// the lock, and a source is never replaced.
    /// </summary>
    private object? _attached;

    /// <summary>Live children, for tests.</summary>
    internal int ChildCount => CountDependents().Children;

    /// <summary>Waiting callbacks, for tests.</summary>
    internal int CallbackCount => CountDependents().Callbacks;

    /// <summary>Whether a child or a callback hangs on the context.</summary>
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

    /// <summary>The source of the token, if a reader has asked for it. Acquire: it is seen whole.</summary>
    private ContextTokenSource? Source => Volatile.Read(ref _attached) as ContextTokenSource;

    /// <summary>
    /// The newest callback; the others follow by <see cref="Callback.Next"/>. Ask under the lock.
    /// </summary>
    private ref Callback? FirstCallback
    {
        get
        {
            if (_attached is not ContextTokenSource source)
            {
                return ref AsCallback(ref _attached);
            }

            if (source.Attached is StripeSet set)
            {
                return ref set.FirstCallback;
            }

            return ref AsCallback(ref source.Attached);
        }
    }

    /// <summary>
    /// Makes <paramref name="child"/>, which no other thread has seen, end along with this context.
    /// </summary>
    internal void Adopt(CancelableContext child)
    {
        Debug.Assert(
            (child._state & (Locked | Closed)) == 0, "A child is adopted before another thread has seen it.");
        child._state |= Volatile.Read(ref _state) & AsksUpstream;

        if (IsMarked(Striped) ? TryHangOnStripe(child) : EnterLive())
        {
            if (child._stripe != 0)
            {
                return;
            }

            Link(child, ref _children);
            Exit();
            if (IsMarked(OverToken))
            {
                OnDependents();
            }
        }
        else
        {
            child._outcome = WaitUntilDone();
            child._state |= Closed | Over;
            if (child.IsMarked(HasWake))
            {
                // The caller found this context live, and it has ended since. Its cancellation did not see
                // the child, so no other thread would wake the child.
                child.Wake();
            }
        }
    }

    /// <summary>Runs <paramref name="callback"/> when this context is done: now, if it is.</summary>
    internal void Add(Callback callback)
    {
        if (IsMarked(Striped) ? TryHangOnStripe(callback) : EnterLive())
        {
            if (callback.Stripe != 0)
            {
                return;
            }

            if (callback.IsStopped)
            {
                // The callback was stopped already. Its removal has found nothing, and will not run again:
                // linked now, the callback would hang here for ever.
                Exit();
                return;
            }

            callback.Link(ref FirstCallback);
            Exit();
            if (IsMarked(OverToken))
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

    /// <summary>Takes off a callback that was stopped. The callback need not hang here yet.</summary>
    /// <returns>
    /// True: the callback does not hang here any more. False: the cancellation that closed this context owns
    /// it.
    /// </returns>
    internal bool Remove(Callback callback)
    {
        if (callback.Stripe != 0)
        {
            return RemoveFromStripe(callback);
        }

        if (!EnterLive())
        {
            return false;
        }

        callback.Unlink(ref FirstCallback);
        Exit();
        if (IsMarked(OverToken))
        {
            OnDependents();
        }

        return true;
    }

    /// <summary>
    /// Called on a context over a token, outside the lock, after a child or a callback was added or removed.
    /// </summary>
    private protected virtual void OnDependents()
    {
    }

    private static ref Callback? AsCallback(ref object? attached)
    {
        Debug.Assert(attached is null or Callback, "What is attached is a source, stripes or a callback.");
        return ref Unsafe.As<object?, Callback?>(ref attached);
    }

    private void Disown(CancelableContext child)
    {
        if (child._stripe != 0)
        {
            DisownOnStripe(child);
            return;
        }

        // Once this context has closed, the child's links belong to the cancellation that closed it.
        if (!EnterLive())
        {
            return;
        }

        Unlink(child, ref _children);
        Exit();
        if (IsMarked(OverToken))
        {
            OnDependents();
        }
    }

    private ContextTokenSource MakeSource()
    {
        var source = new ContextTokenSource(this);
        if (!EnterLive())
        {
            if (Source is { } made)
            {
                return made;
            }

            Enter();
        }

        if (Source is { } other)
        {
            Exit();
            return other;
        }

        if (IsMarked(Over))
        {
            // No other thread has the token yet, so nothing is registered on it and no callback runs here.
            source.Cancel();
        }

        source.Attached = _attached;

        // Release: a reader without the lock finds a whole object.
        Volatile.Write(ref _attached, source);
        Exit();
        return source;
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

    private (int Children, int Callbacks) CountDependents()
    {
        var (children, callbacks) = (0, 0);
        if (EnterLive())
        {
            Count(_children, FirstCallback);
            Exit();
        }

        foreach (var stripe in Stripes)
        {
            if (stripe.EnterOpen())
            {
                Count(stripe.Children, stripe.Callbacks);
                stripe.Exit();
            }
        }

        return (children, callbacks);

        void Count(CancelableContext? child, Callback? callback)
        {
            for (; child is not null; child = child._next)
            {
                // The place of a reader is no child.
                children += child is Place ? 0 : 1;
            }

            for (; callback is not null; callback = callback.Next)
            {
                callbacks++;
            }
        }
    }
}
