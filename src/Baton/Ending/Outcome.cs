namespace Baton;

/// <summary>
/// What a context ended with: its error and its cause. Shared by all contexts of one cancellation.
/// </summary>
internal sealed class Outcome(Exception? cause, DeadlineContext? deadline = null, long noticed = 0)
{
    /// <summary>
    /// A cancellation without a cause. A context that holds it makes an outcome of its own when a reader asks.
    /// </summary>
    internal static readonly Outcome Canceled = new(cause: null);

    private ContextException? _err;

    /// <summary>The cause that was given, if any.</summary>
    internal Exception? Cause => cause;

    /// <summary>The context whose deadline passed; null for a cancel.</summary>
    internal DeadlineContext? PassedDeadline => deadline;

    /// <summary>The error, for reading. It is the same object every time.</summary>
    internal ContextException Err
    {
        get
        {
            // Acquire here and the exchange below: the error is seen whole, and the first one stays.
            if (Volatile.Read(ref _err) is { } err)
            {
                return err;
            }

            var fresh = NewError(transportException: null, token: default);
            return Interlocked.CompareExchange(ref _err, fresh, null) ?? fresh;
        }
    }

    internal Exception CauseOrErr => cause ?? Err;

    /// <summary>A fresh exception for one thrower.</summary>
    internal ContextException NewError(Exception? transportException, CancellationToken token) =>
        deadline is null
            ? new ContextCanceledException(cause, transportException, token)
            : new DeadlineExceededException(
                deadline,
                new TimeSpan(Math.Max(0, noticed - deadline.DueTicks)),
                cause,
                transportException,
                token);
}
