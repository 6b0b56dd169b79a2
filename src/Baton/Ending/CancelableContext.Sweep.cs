namespace Baton;

// How one cancellation ends a context and everything below it.
public abstract partial class CancelableContext
{
    /// <summary>
    /// Ends the context with <paramref name="outcome"/>, if nothing has ended it yet. On return, it is done.
    /// </summary>
    internal void End(Outcome outcome)
    {
        if (!Ended)
        {
            EndNow(outcome);
        }
    }

    /// <summary>
    /// As <see cref="End"/>, but asks nothing upstream: for code that runs inside a cancellation, or that has
    /// asked already.
    /// </summary>
    internal void EndNow(Outcome outcome)
    {
        if (IsMarked(Over))
        {
            return;
        }

        if (!EnterLive())
        {
            WaitUntilDone();
            return;
        }

        if (_children is null && _attached is null)
        {
            _outcome = outcome;
            Exit(set: Closed | Over);
        }
        else if (_children is null && Source is { Attached: null } source)
        {
            // Only a token hangs here: that of a child whose token was handed on, and which is now released.
            _outcome = outcome;
            Exit(set: Closed | Flipping);
            CancelToken(source);

            // No lock is needed: a thread that finds the context closed and its source made takes none.
            // Release: a thread that sees the context done sees the token canceled.
            Volatile.Write(ref _state, (_state & ~Flipping) | Over);
        }
        else
        {
            // The whole subtree gets one outcome, so that its contexts share their error and cause. A wait
            // shows neither, so a subtree of one wait needs no outcome of its own.
            var isShared = IsMarked(Striped)
                || (_children is { } child && (child._next is not null || !child.IsMarked(HasWake)));
            Exit(set: Closed);
            EndSubtree(
                isShared && ReferenceEquals(outcome, Outcome.Canceled) ? new Outcome(cause: null) : outcome);
        }

        if (IsMarked(HasOnDone))
        {
            OnDone();
        }

        Parent?.Owner?.Disown(this);
        if (IsMarked(HasWake | HasLateEnd))
        {
            Wake();
        }
    }

    /// <summary>
    /// Ends the context unless another cancellation has already closed it; does not wait for that one.
    /// </summary>
    internal void EndIfLive()
    {
        if (!IsClosed)
        {
            EndNow(Outcome.Canceled);
        }
    }

    /// <summary>
    /// Called once, outside the lock, when the context is done, if its kind has the mark
    /// <see cref="HasOnDone"/>. Releases timers and registrations. Runs nothing of the application's, not even its
    /// clock: that may end contexts of the same cancellation, and would wait for its own thread.
    /// </summary>
    private protected virtual void OnDone()
    {
    }

    /// <summary>
    /// Called once, after all contexts of its cancellation are done, if the kind has the mark
    /// <see cref="HasWake"/> or <see cref="HasLateEnd"/>. A wait runs no caller's code here.
    /// </summary>
    private protected virtual void Wake()
    {
    }

    /// <summary>
    /// Makes this context and everything below it done; then starts the callbacks, and wakes the contexts
    /// that are waits. The caller has closed this context.
    /// </summary>
    /// <remarks>No recursion: a chain may be longer than the stack is deep.</remarks>
    private void EndSubtree(Outcome outcome)
    {
        var last = CloseDescendants(outcome, out var sleepers, out var isFollowed);
        if (isFollowed)
        {
            // This comes before any context here is seen done: see HasEnded.
            Interlocked.Increment(ref s_telling);
        }

        // This goes from the bottom up, so that no thread sees a context done whose children are live.
        Callback? started = null;
        var gate = default(TokenGate.Scope);
        try
        {
            while (last is not null)
            {
                var next = last._previous;
                last._next = last._previous = null;
                last.Finish(outcome, ref started, ref gate, isTop: false);
                if (last.IsMarked(HasOnDone))
                {
                    last.OnDone();
                }

                if (last.IsMarked(HasLateEnd))
                {
                    last._next = sleepers;
                    sleepers = last;
                }

                last = next;
            }

            Finish(outcome, ref started, ref gate, isTop: true);
        }
        finally
        {
            gate.Dispose();
        }

        for (var callback = started; callback is not null;)
        {
            var next = callback.Next;
            callback.Next = null;
            callback.Run();
            callback = next;
        }

        if (isFollowed)
        {
            Interlocked.Decrement(ref s_telling);
        }

        while (sleepers is not null)
        {
            var next = sleepers._next;
            sleepers._next = null;
            sleepers.Wake();
            sleepers = next;
        }
    }

    /// <summary>
    /// Closes every context below, parents before children, and links the closed contexts by their
    /// <see cref="_previous"/>. Contexts on which nothing hangs become done at once, and are not linked.
    /// </summary>
    /// <param name="outcome">The outcome of all of them.</param>
    /// <param name="sleepers">The contexts to wake, linked by <see cref="_next"/>. They are done.</param>
    /// <param name="isFollowed">Whether merged contexts may follow any of the closed contexts.</param>
    /// <returns>The context that was closed last.</returns>
    private CancelableContext? CloseDescendants(
        Outcome outcome, out CancelableContext? sleepers, out bool isFollowed)
    {
        CancelableContext? first = null, last = null;
        List<CancelableContext>? others = null;
        sleepers = null;
        isFollowed = IsMarked(Followed);
        for (var parent = this; parent is not null; parent = parent == this ? first : parent._next)
        {
            var child = parent._children;
            parent._children = null;
            var stripe = 0;
            while (child is not null || (child = parent.CloseNextStripe(ref stripe)) is not null)
            {
                // The parent is closed: this link is ours, even if another thread is ending the child.
                var next = child._next;
                child._next = child._previous = null;
                if (!child.TryClose(outcome, out var isLeaf))
                {
                    if (!child.IsMarked(Over))
                    {
                        (others ??= []).Add(child);
                    }
                }
                else if (!isLeaf)
                {
                    isFollowed |= child.IsMarked(Followed);
                    child._previous = last;
                    _ = last is null ? first = child : last._next = child;
                    last = child;
                }
                else
                {
                    child.OnLeafDone(ref sleepers);
                }

                child = next;
            }
        }

        // Other threads are ending these contexts, and wait only for contexts below them. So none of those
        // threads waits for this thread.
        others?.ForEach(static other => other.WaitUntilDone());
        return last;
    }

    /// <summary>
    /// Closes a descendant if it is live. One with nothing hanging on it becomes done in the same step.
    /// </summary>
    private bool TryClose(Outcome outcome, out bool isLeaf)
    {
        isLeaf = false;
        if (!EnterLive())
        {
            return false;
        }

        isLeaf = _children is null && _attached is null;
        if (isLeaf)
        {
            _outcome = outcome;
        }

        Exit(isLeaf ? Closed | Over : Closed);
        return true;
    }

    private void OnLeafDone(ref CancelableContext? sleepers)
    {
        if (IsMarked(HasOnDone))
        {
            OnDone();
        }

        if (IsMarked(HasWake | HasLateEnd))
        {
            _next = sleepers;
            sleepers = this;
        }
    }

    /// <summary>Takes the context from closed to done, and claims its callbacks.</summary>
    private void Finish(Outcome outcome, ref Callback? started, ref TokenGate.Scope gate, bool isTop)
    {
        if (Volatile.Read(ref _attached) is not null)
        {
            // Taking the lock shows this thread what was attached before the context closed. A first reader
            // of Done may still make a source, but it moves these callbacks under the same lock, and adds
            // none.
            Enter();
            var callback = FirstCallback;
            FirstCallback = null;
            Exit();
            Claim(callback, ref started);
            foreach (var stripe in Stripes)
            {
                Claim(stripe.TakeCallbacks(), ref started);
            }
        }

        _outcome = outcome;
        Enter();
        var source = Source;
        Exit(set: source is null ? Over : Flipping);
        if (source is null)
        {
            return;
        }

        // The top is the last to be done, so callbacks on its token need not be held back.
        if (!isTop)
        {
            gate.Enter();
        }

        CancelToken(source);
        Enter();
        Exit(set: Over, clear: Flipping);
    }

    private static void Claim(Callback? callback, ref Callback? started)
    {
        while (callback is not null)
        {
            var next = callback.Next;
            callback.Next = callback.Previous = null;
            if (callback.TryStart())
            {
                callback.Next = started;
                started = callback;
            }

            callback = next;
        }
    }

    private static void CancelToken(ContextTokenSource source)
    {
        // This cancels the token here and queues its callbacks to the thread pool. The task carries only what
        // a callback throws, and stays unobserved on purpose: see Context.Done.
        _ = source.CancelAsync();
    }
}
