using System.Diagnostics;

namespace Baton;

// The state of a context: one int, of which one bit is the lock.
public abstract partial class CancelableContext
{
    private const int Locked = StateLock.Locked;
    private const int Closed = StateLock.Closed;
    private const int Flipping = 4;
    private const int Over = 8;

    // The marks below say what kind of context it is. The constructor sets them, except for the last three.
    // They are bits, because a virtual call that does nothing costs as much as the rest of a short call.

    /// <summary>The context stands for a foreign token: one that no context made.</summary>
    private protected const int OverToken = 16;

    /// <summary>The kind overrides <see cref="Wake"/>.</summary>
    private protected const int HasWake = 32;

    /// <summary>The kind overrides <see cref="OnDone"/>.</summary>
    private protected const int HasOnDone = 64;

    /// <summary>
    /// The kind overrides <see cref="Wake"/>, and its contexts may have children. Unlike a wait, it shows the outcome.
    /// </summary>
    private protected const int HasLateEnd = 8192;

    /// <summary>
    /// A foreign token ends the context, and may be seen canceled before the context is told. So each reader
    /// asks the token. Children inherit the mark.
    /// </summary>
    private protected const int BelowToken = 128;

    /// <summary>
    /// The context is merged, or derived from a merged one. While any cancellation is telling merged
    /// contexts, each reader asks what the context was merged from. Children inherit the mark.
    /// </summary>
    private protected const int BelowMerge = 256;

    private const int AsksUpstream = BelowToken | BelowMerge;

    /// <summary>The context waits in a select whose delay is the second of its two cases.</summary>
    private protected const int DelayIsSecond = 2048;

    /// <summary>Merged contexts follow this one, or did. Set once, for ever.</summary>
    private const int Followed = 4096;

    /// <summary>
    /// New children and callbacks hang on stripes; older ones stay where they are. Set once, for ever.
    /// </summary>
    private const int Striped = 512;

    /// <summary><see cref="Dispose"/> does nothing; see <see cref="Keep"/>.</summary>
    private protected const int Kept = 1024;

    private int _state;

    /// <summary>Whether a cancellation owns the context, or has made it done.</summary>
    private protected bool IsClosed => IsMarked(Closed);

    /// <summary>Whether the context is marked done. Asks nothing upstream, and so ends nothing.</summary>
    /// <remarks>For code that holds a lock which ending the context would take.</remarks>
    internal bool IsMarkedDone => IsMarked(Over);

    private protected bool IsMarked(int mark) => (Volatile.Read(ref _state) & mark) != 0;

    /// <summary>
    /// Waits until the cancellation that has closed the context has made it done. A thread that has itself
    /// closed contexts and not made them done yet may wait only for contexts below those: otherwise two
    /// cancellations could wait for each other.
    /// </summary>
    private protected Outcome WaitUntilDone()
    {
        for (var wait = default(SpinWait); !IsMarked(Over);)
        {
            Seam.Wait(ref wait);
        }

        return Ending!;
    }

    /// <summary>Takes the lock, if the context is live.</summary>
    private bool EnterLive()
    {
        if (!StateLock.TryEnterOpen(ref _state) && !EnterLiveContended())
        {
            return false;
        }

        AssertInvariants();
        return true;
    }

    private bool EnterLiveContended()
    {
        if (!IsMarked(Closed | OverToken | Striped) && Seam.IsCrowded())
        {
            SpreadOut();
        }

        return StateLock.EnterOpen(ref _state);
    }

    /// <summary>Takes the lock, also of a context that is closed.</summary>
    private void Enter()
    {
        StateLock.Enter(ref _state);
        AssertInvariants();
    }

    /// <summary>Releases the lock, and sets or clears marks in the same write.</summary>
    private void Exit(int set = 0, int clear = 0) => StateLock.Exit(ref _state, set, clear);

    /// <summary>What holds whenever a thread has just taken the lock.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        var (isClosed, isFlipping, isOver) = (IsMarked(Closed), IsMarked(Flipping), IsMarked(Over));
        Debug.Assert(IsMarked(Locked), "The lock was just taken.");
        Debug.Assert(isClosed || !(isFlipping || isOver), "A context closes before its token flips.");
        Debug.Assert(!(isFlipping && isOver), "Once a context is done, its token has flipped.");
        Debug.Assert(!isOver || _outcome is not null, "A context that is done has an outcome.");
        Debug.Assert(!isOver || _children is null, "A context that is done has no children left to end.");
        Debug.Assert(
            isClosed || _children is not { _previous: not null }, "No child stands before the newest one.");
        Debug.Assert(
            !isFlipping || _attached is ContextTokenSource, "Only a context whose token was made flips it.");
        Debug.Assert(
            !IsMarked(Striped) || _attached is ContextTokenSource { Attached: StripeSet },
            "A context that is marked as striped has stripes.");
    }
}
