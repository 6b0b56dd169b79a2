namespace Baton;

/// <summary>
/// What runs once when a context is done. Until then it hangs on the context, in a list of callbacks.
/// </summary>
internal abstract class Callback
{
    private const int Waiting = 0;
    private const int Stopped = 1;
    private const int Started = 2;

    /// <summary>
    /// One exchange leaves Waiting, and is a full fence: the side that wins sees all that was written before
    /// the other side tried.
    /// </summary>
    private int _state;

    /// <summary>
    /// Guarded by the context's lock until it closes; then by the cancellation that closed it.
    /// </summary>
    internal Callback? Next { get; set; }

    /// <inheritdoc cref="Next" />
    internal Callback? Previous { get; set; }

    /// <summary>
    /// The stripe of its context that it hangs on, counted from one; zero in the context's own list.
    /// </summary>
    internal short Stripe { get; set; }

    /// <summary>Whether <see cref="TryStop"/> has won.</summary>
    internal bool IsStopped => Volatile.Read(ref _state) == Stopped;

    /// <summary>
    /// Claims the callback for running. Exactly one of this and <see cref="TryStop"/> ever succeeds, once.
    /// </summary>
    internal bool TryStart() => Interlocked.CompareExchange(ref _state, Started, Waiting) == Waiting;

    /// <summary>Claims the callback for never running.</summary>
    internal bool TryStop() => Interlocked.CompareExchange(ref _state, Stopped, Waiting) == Waiting;

    /// <summary>
    /// Makes a callback that hangs nowhere ready to be added again. Release: the thread that claims it sees
    /// the fields that were set before.
    /// </summary>
    private protected void Rearm()
    {
        Stripe = 0;
        Volatile.Write(ref _state, Waiting);
    }

    /// <summary>
    /// Adds the callback before the others of a list. Call it, and <see cref="Unlink"/>, under the lock that
    /// guards the list.
    /// </summary>
    internal void Link(ref Callback? first)
    {
        Next = first;
        if (first is not null)
        {
            first.Previous = this;
        }

        first = this;
    }

    /// <summary>Takes the callback off the list, if it is there.</summary>
    internal void Unlink(ref Callback? first)
    {
        if (Previous is { } previous)
        {
            previous.Next = Next;
        }
        else if (first == this)
        {
            first = Next;
        }

        if (Next is { } next)
        {
            next.Previous = Previous;
        }

        Next = Previous = null;
    }

    /// <summary>
    /// Called after <see cref="TryStart"/>, when all contexts of the cancellation are done. Runs no caller's
    /// code.
    /// </summary>
    internal abstract void Run();
}
