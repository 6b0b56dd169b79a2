namespace Baton;

/// <summary>A derived context, in the hands of the one who may cancel it.</summary>
/// <remarks>
/// <para>
/// Whoever derives it disposes it: <c>using var child = ctx.WithTimeout(…)</c>. What is handed on is a <see
/// cref="Context"/>, which has no member to cancel it with. Every member may be called from any thread, any
/// number of times, in any order, also from callbacks of the context itself.
/// </para>
/// </remarks>
/*
   How a context ends. The state of each context that can end is one int:

        Live ──► Closed ──► Flipping ──► Done
          └───────┴──────────────────────►┘

   Live      children and callbacks come and go, under the lock.
   Closed    a cancellation owns the context: its children, its callbacks and, for its children, their
             sibling links. Nothing is added or removed any more. To readers it is still live.
   Flipping  its token is being canceled. Readers of any of its three views wait.
   Done      for ever. What it ended with may be read.

   Locked is a bit beside these, held for a few instructions.

   A cancellation first closes the whole subtree from the top down, so that nothing can join it; then makes
   it done from the bottom up; then lets callbacks run. Hence the invariants:

   1. Closed is entered once, so the first cancellation fixes the outcome.
   2. A context that is Done has only Done contexts below it, in every observer's eyes.
   3. Token canceled, and Done, are separated only by Flipping, which readers wait out: the views change
      together.
   4. No callback starts before all contexts of its cancellation are Done (for token callbacks: TokenGate).
   5. No code of anybody else runs under a lock, or between Closed and Done.

   Where threads meet at the lock of a context again and again, it gets branches: lists of its children and
   callbacks with a lock each, closed one by one once the context is closed, before any of its children is.

   A cancellation that meets a context closed by another one waits for it to be Done. It only ever waits for
   contexts below its own, so no two cancellations wait for each other.
*/
public abstract partial class CancelableContext : Context, IDisposable
{
    private const int Locked = 1;
    private const int Closed = 2;
    private const int Flipping = 4;
    private const int Over = 8;

    /// <summary>Its children and callbacks hang on branches, those from before excepted. For ever.</summary>
    private const int Branched = 128;

    // What kind of context it is: set by the constructor. Bits, because a virtual call that does nothing
    // costs as much as the rest of a short act.

    /// <summary>
    /// Over a token of somebody else's: <see cref="Poll"/> and <see cref="OnDependents"/> matter.
    /// </summary>
    private protected const int Foreign = 16;

    /// <summary><see cref="Wake"/> matters.</summary>
    private protected const int Waiter = 32;

    /// <summary><see cref="OnDone"/> matters.</summary>
    private protected const int Holder = 64;

    /// <summary><see cref="Dispose"/> is not for whoever has it in hand; see <see cref="Keep"/>.</summary>
    private protected const int Kept = 256;

    /// <summary>A wait of a select whose delay is the second of its two cases.</summary>
    private protected const int DelayIsSecond = 512;

    private int _state;

    /// <summary>The branch of its parent that it hangs on, from one; zero in the parent's own list.</summary>
    private short _branch;

    /// <summary>Siblings under one parent, guarded by the parent's lock until the parent closes.</summary>
    private CancelableContext? _next, _previous;

    /// <summary>The newest child, then along <see cref="_next"/>. Guarded by the lock until closed.</summary>
    private CancelableContext? _children;

    /// <summary>
    /// The source of the token, made by the first reader of <see cref="Done"/>: it then holds the callbacks.
    /// Before that the newest callback itself. One field for two, because few contexts have both. Set under
    /// the lock; a source is never replaced.
    /// </summary>
    private object? _attached;

    /// <summary>
    /// What the context ended with; readable once done. Before: what its own deadline would give, if that was
    /// said.
    /// </summary>
    private protected Outcome? _outcome;

    private protected CancelableContext(Context? parent, int kind = 0)
        : base(parent) => _state = kind;

    /// <inheritdoc />
    public override CancellationToken Done => (Source ?? MakeSource()).Token;

    /// <summary>
    /// Ends this context and everything derived from it, with <see cref="Context.Err"/> "context canceled".
    /// </summary>
    /// <remarks>
    /// When it returns, every context derived from this one is done. Waits for no callback. If the context is
    /// done already, nothing changes.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// The context was made by <see cref="Context.FromToken"/>: it ends with its token.
    /// </exception>
    public void Cancel()
    {
        ThrowIfForeign();
        End(Outcome.Canceled);
    }

    /// <summary>Ends this context and everything derived from it, and says why.</summary>
    /// <remarks>
    /// As <see cref="Cancel()"/>. <see cref="Context.Err"/> is "context canceled" whatever the type of
    /// <paramref name="cause"/>; <see cref="Context.Cause"/> is the cause.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="cause"/> is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// The context was made by <see cref="Context.FromToken"/>: it ends with its token.
    /// </exception>
    public void Cancel(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        ThrowIfForeign();
        if (!IsMarked(Over))
        {
            End(new Outcome(cause));
        }
    }

    /// <summary>Cancels this context, and lets go of it: its parent no longer holds on to it.</summary>
    /// <remarks>
    /// The same as <see cref="Cancel()"/>: Go's <c>defer cancel()</c>. Every member can still be called.
    /// </remarks>
    public void Dispose()
    {
        if (!IsMarked(Foreign | Kept))
        {
            End(Outcome.Canceled);
        }
    }

    /// <summary>
    /// Makes <see cref="Dispose"/> do nothing, on a context that nobody else has seen: a container that hands
    /// it on disposes it along with its scope, whoever else still works with it. Its owner ends it by
    /// <see cref="End"/>.
    /// </summary>
    internal void Keep()
    {
        Enter();
        Exit(set: Kept);
    }

    internal sealed override CancelableContext Owner => this;

    /// <summary><see cref="Context.IsDone"/>.</summary>
    internal bool Ended
    {
        get
        {
            // Acquire: whoever sees Done also sees the outcome that was written before it.
            var state = Volatile.Read(ref _state);
            return (state & (Over | Flipping | Foreign)) != 0 && HasEnded(state);
        }
    }

    /// <summary>What the context ended with; null while live.</summary>
    internal Outcome? Ending
    {
        get
        {
            if (!Ended)
            {
                return null;
            }

            var outcome = Volatile.Read(ref _outcome)!;
            if (!ReferenceEquals(outcome, Outcome.Canceled))
            {
                return outcome;
            }

            // A plain cancel costs nothing until somebody asks. Release: the exchange publishes a whole
            // object.
            var own = new Outcome(cause: null);
            var seen = Interlocked.CompareExchange(ref _outcome, own, outcome);
            return ReferenceEquals(seen, outcome) ? own : seen;
        }
    }

    /// <summary>
    /// What it ended with, once done, for a fresh exception: no outcome of its own is made for that. Acquire:
    /// seen whole.
    /// </summary>
    internal Outcome FinalOutcome => Volatile.Read(ref _outcome)!;

    /// <summary>
    /// Ends the context with <paramref name="outcome"/>, if nothing has ended it yet. On return, it is done.
    /// </summary>
    internal void End(Outcome outcome)
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
            // Nothing but a token: what a child is that was handed on as one and is released.
            _outcome = outcome;
            Exit(set: Closed | Flipping);
            CancelToken(source);

            // Without the lock: nobody takes it who finds the context closed and its source there. Release:
            // the canceled token is seen by whoever sees the context done.
            Volatile.Write(ref _state, (_state & ~Flipping) | Over);
        }
        else
        {
            // One outcome for the whole subtree: its contexts share their error and cause. A wait has none to
            // show.
            var isShared = IsMarked(Branched)
                || (_children is { } child && (child._next is not null || !child.IsMarked(Waiter)));
            Exit(set: Closed);
            EndSubtree(
                isShared && ReferenceEquals(outcome, Outcome.Canceled) ? new Outcome(cause: null) : outcome);
        }

        if (IsMarked(Holder))
        {
            OnDone();
        }

        Parent?.Owner?.Disown(this);
        if (IsMarked(Waiter))
        {
            Wake();
        }
    }

    /// <summary>
    /// Ends the context, unless a cancellation has closed it: then that one sees to it, and is not waited
    /// for.
    /// </summary>
    internal void EndIfLive()
    {
        if (!IsClosed)
        {
            End(Outcome.Canceled);
        }
    }

    /// <summary>Whether a cancellation owns the context, or has been through with it.</summary>
    private protected bool IsClosed => IsMarked(Closed);

    /// <summary>
    /// Called once for a holder, outside the lock, when the context is done: lets go of timers and
    /// registrations.
    /// </summary>
    private protected virtual void OnDone()
    {
    }

    /// <summary>
    /// Called once for a waiter, after all contexts of its cancellation are done. Runs nobody else's code.
    /// </summary>
    private protected virtual void Wake()
    {
    }

    /// <summary>
    /// For a context that ends by something outside: whether that has happened, and ends it if so.
    /// </summary>
    private protected virtual bool Poll() => false;

    private void ThrowIfForeign()
    {
        if (IsMarked(Foreign))
        {
            throw new InvalidOperationException(
                "A context made by Context.FromToken ends with its token. Derive one with WithCancel() and "
                + "cancel that.");
        }
    }

    private bool HasEnded(int state)
    {
        if ((state & Over) != 0)
        {
            return true;
        }

        if ((state & Flipping) != 0)
        {
            WaitUntilDone();
            return true;
        }

        return Poll();
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
            // Nobody has the token yet, so nothing is registered on it and nothing runs here.
            source.Cancel();
        }

        source.Attached = _attached;

        // Release: a reader without the lock finds a whole object.
        Volatile.Write(ref _attached, source);
        Exit();
        return source;
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

    private protected Outcome WaitUntilDone()
    {
        for (var wait = default(SpinWait); !IsMarked(Over);)
        {
            Seam.Wait(ref wait);
        }

        return Ending!;
    }

    private protected bool IsMarked(int mark) => (Volatile.Read(ref _state) & mark) != 0;
}
