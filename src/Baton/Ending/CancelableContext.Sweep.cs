namespace Baton;

public abstract partial class CancelableContext
{
    /// <summary>
    /// Makes this context, which this call has closed, and everything below it done; then starts the
    /// callbacks and wakes the waiters.
    /// </summary>
    /// <remarks>No recursion: a chain may be longer than the stack is deep.</remarks>
    private void EndSubtree(Outcome outcome)
    {
        var last = CloseDescendants(outcome, out var waiters);

        // From the bottom up, so that nobody sees a context done whose children are live.
        Callback? started = null;
        var gate = default(TokenGate.Scope);
        try
        {
            while (last is not null)
            {
                var next = last._previous;
                last._next = last._previous = null;
                last.Finish(outcome, ref started, ref gate, isTop: false);
                if (last.IsMarked(Holder))
                {
                    last.OnDone();
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

        while (waiters is not null)
        {
            var next = waiters._next;
            waiters._next = null;
            waiters.Wake();
            waiters = next;
        }
    }

    /// <summary>
    /// Closes everything below, parents before children, and links what was closed by its
    /// <see cref="_previous"/>.
    /// </summary>
    /// <param name="outcome">What they end with.</param>
    /// <param name="waiters">Those to wake, linked by <see cref="_next"/>. They are done.</param>
    /// <returns>The last one closed.</returns>
    private CancelableContext? CloseDescendants(Outcome outcome, out CancelableContext? waiters)
    {
        CancelableContext? first = null, last = null;
        List<CancelableContext>? others = null;
        waiters = null;
        for (var parent = this; parent is not null; parent = parent == this ? first : parent._next)
        {
            var child = parent._children;
            parent._children = null;
            var branch = 0;
            while (child is not null || (child = parent.CloseNextBranch(ref branch)) is not null)
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
                else if (isLeaf)
                {
                    if (child.IsMarked(Holder))
                    {
                        child.OnDone();
                    }

                    if (child.IsMarked(Waiter))
                    {
                        child._next = waiters;
                        waiters = child;
                    }
                }
                else
                {
                    child._previous = last;
                    _ = last is null ? first = child : last._next = child;
                    last = child;
                }

                child = next;
            }
        }

        // Another thread is ending these. It is at work below them only, so it needs nothing from this one.
        others?.ForEach(static other => other.WaitUntilDone());
        return last;
    }

    /// <summary>Takes the context from closed to done, and claims its callbacks.</summary>
    private void Finish(Outcome outcome, ref Callback? started, ref TokenGate.Scope gate, bool isTop)
    {
        if (Volatile.Read(ref _attached) is not null)
        {
            // What was attached before the context closed was seen along with the lock. A source that a first
            // reader of Done makes from now on has no callbacks but these, and moves them under the lock.
            Enter();
            var callback = FirstCallback;
            FirstCallback = null;
            Exit();
            Claim(callback, ref started);
            foreach (var branch in Branches)
            {
                Claim(branch.TakeCallbacks(), ref started);
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
        // Flips the token here and queues its callbacks to the thread pool. The task only ever carries
        // an exception of theirs, which goes unobserved on purpose: see Context.Done.
        _ = source.CancelAsync();
    }
}
