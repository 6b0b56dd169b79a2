using System.Text.Json.Serialization;

namespace Baton;

/// <summary>A derived context, in the hands of the code that may cancel it.</summary>
/// <remarks>
/// <para>
/// The code that derives it disposes it: <c>using var child = ctx.WithTimeout(…)</c>. Other code is handed it
/// as a <see cref="Context"/>, which has no member to cancel it with. Every member may be called from any
/// thread, any number of times, in any order, also from callbacks of the context itself.
/// </para>
/// </remarks>
/*
   How a context ends. The state of each context that can end is one int:

        Live ──► Closed ──► Flipping ──► Done
          └───────┴──────────────────────►┘

   Live      Children and callbacks are added and removed, under the lock.
   Closed    One cancellation owns the context: its children with their sibling links, and its callbacks.
             Nothing is added or removed any more. Readers still see the context live.
   Flipping  The token is being canceled. Readers of any of the three views (IsDone, Err, Done) wait.
   Done      For ever. The outcome may be read.

   Beside these four, the bit Locked says that a thread holds the lock, for a few instructions.

   A cancellation first closes the whole subtree from the top down, so that nothing can join it. Then it makes
   the contexts done from the bottom up. Then it lets callbacks run. Hence the invariants:

   1. Closed is entered once, so the first cancellation fixes the outcome.
   2. A context that is Done has only Done contexts below it, whichever thread looks.
   3. Between the cancellation of the token and Done there is only Flipping, and readers wait while it lasts.
      So they see the three views change together.
   4. No callback starts before all contexts of its cancellation are Done (for token callbacks: TokenGate).
   5. No caller's code runs under a lock, or between Closed and Done.

   The files of this class hold one concern each, with its fields:

   CancelableContext.cs            what a caller can do, and what a reader can see
   Ending/….State.cs               the state and its lock; the invariants that are asserted
   Ending/….Dependents.cs          the children, callbacks and token source that hang on the context
   Ending/….Stripes.cs             the same, spread over lists with a lock each, if many threads contend
   Ending/….Children.cs            how the children are read while others are added and removed
   Ending/….Sweep.cs               how one cancellation ends a subtree
   Ending/….Upstream.cs            what ends the context without telling it at once: tokens, merged contexts
*/
[JsonConverter(typeof(ContextJsonConverter))]
public abstract partial class CancelableContext : Context, IDisposable
{
    /// <summary>
    /// Once the context is done: the outcome that it ended with. Before that: the outcome that its own
    /// deadline would bring, if a cause was given for the deadline.
    /// </summary>
    private protected Outcome? _outcome;

    /// <param name="parent">The context it is derived from.</param>
    /// <param name="kind">The marks of what this kind of context needs, such as <see cref="HasOnDone"/>.</param>
    private protected CancelableContext(Context? parent, int kind = 0)
        : base(parent)
    {
        _state = kind;
        OnMade?.Invoke(this);
    }

    /// <summary>
    /// Is told of each context that can be canceled, while a test looks for contexts that are left live; null
    /// otherwise. The context is not whole yet: only its parent may be asked for.
    /// </summary>
    internal static Action<CancelableContext>? OnMade { get; set; }

    /// <inheritdoc />
    public override CancellationToken Done
    {
        get
        {
            var source = Source ?? MakeSource();
            if (IsMarked(AsksUpstream))
            {
                // This asks what is further up, and ends the context if that has ended. Otherwise a reader
                // that has seen a token further up canceled could get a live one here.
                _ = Ended;
            }

            return source.Token;
        }
    }

    /// <summary>
    /// Ends this context and everything derived from it, with <see cref="Context.Err"/> "context canceled".
    /// </summary>
    /// <remarks>
    /// When it returns, every context derived from this one is done. It waits for no callback. If the context
    /// is done already, nothing changes.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// The context was made by <see cref="Context.FromToken"/>: it ends with its token.
    /// </exception>
    public void Cancel()
    {
        ThrowIfOverToken();
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
        ThrowIfOverToken();
        if (!IsMarked(Over))
        {
            End(new Outcome(cause));
        }
    }

    /// <summary>Cancels this context, and releases it: its parent no longer holds on to it.</summary>
    /// <remarks>
    /// The same as <see cref="Cancel()"/>: Go's <c>defer cancel()</c>. Every member can still be called. On a
    /// context made by <see cref="Context.FromToken"/> it does nothing.
    /// </remarks>
    public void Dispose()
    {
        if (!IsMarked(OverToken | Kept))
        {
            End(Outcome.Canceled);
        }
    }

    /// <summary>
    /// Makes <see cref="Dispose"/> do nothing. Call it before another thread has seen the context. It is for
    /// a context that a container hands out: the container disposes it along with the scope, while other code
    /// may still use it. The owner ends it by <see cref="End"/>.
    /// </summary>
    internal void Keep()
    {
        Enter();
        Exit(set: Kept);
    }

    /// <summary>Whether <see cref="Dispose"/> does nothing.</summary>
    internal bool IsKept => IsMarked(Kept);

    internal sealed override CancelableContext Owner => this;

    /// <summary><see cref="Context.IsDone"/>.</summary>
    internal bool Ended
    {
        get
        {
            // Acquire: a thread that sees Over also sees the outcome, which was written before it.
            var state = Volatile.Read(ref _state);
            return (state & (Over | Flipping | AsksUpstream)) != 0 && HasEnded(state);
        }
    }

    /// <summary>What the context ended with; null while it is live.</summary>
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

            // A plain cancel allocates nothing until a reader asks. Release: the exchange publishes a whole
            // object.
            var own = new Outcome(cause: null);
            var seen = Interlocked.CompareExchange(ref _outcome, own, outcome);
            return ReferenceEquals(seen, outcome) ? own : seen;
        }
    }

    /// <summary>
    /// The outcome of a context that is done, for making a fresh exception. Unlike <see cref="Ending"/>, it
    /// allocates no outcome for this context alone. Acquire: the outcome is seen whole.
    /// </summary>
    internal Outcome FinalOutcome => Volatile.Read(ref _outcome)!;

    private void ThrowIfOverToken()
    {
        if (IsMarked(OverToken))
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

        if (this is TokenContext over)
        {
            return over.Poll();
        }

        if ((state & BelowToken) != 0 || Volatile.Read(ref s_telling) != 0)
        {
            return EndedUpstream();
        }

        // A cancellation raises the count before it makes a context done, and lowers it when every merged
        // context has been told. So after a count of zero, no merged context lags behind one that this thread
        // has seen done. This context may have been told since its state was read: read it again.
        return IsMarked(Over);
    }
}
