namespace Baton.AspNetCore;

/// <summary>What a task of several exceptions says beside cancellations.</summary>
internal static class Errors
{
    /// <summary>The first exception that is no cancellation; null if there is none.</summary>
    internal static Exception? FirstOf(Task ran) =>
        ran.Exception?.InnerExceptions.FirstOrDefault(static thrown => thrown is not OperationCanceledException);

    /// <summary>
    /// Why the handler gave up if it did because too little time remains; its context is live then. Null if it
    /// did not.
    /// </summary>
    internal static InsufficientTimeException? ShortageOf(Task ran)
    {
        var thrown = ran.Exception?.InnerException;
        if (ran.IsCanceled)
        {
            try
            {
                // A canceled task gives its exception only by throwing it.
                ran.GetAwaiter().GetResult();
            }
            catch (OperationCanceledException e)
            {
                thrown = e;
            }
        }

        return (thrown as DeadlineExceededException)?.InnerException as InsufficientTimeException;
    }

    /// <summary>
    /// The task itself, or one with its first error if that comes after a cancellation: an await throws the first
    /// exception only, and the error would be lost.
    /// </summary>
    internal static Task ThrowFirst(Task ran) =>
        ran.Exception is { InnerExceptions: [OperationCanceledException, ..] } && FirstOf(ran) is { } error
            ? Task.FromException(error)
            : ran;
}
