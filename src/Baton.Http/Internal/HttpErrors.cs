using System.Runtime.ExceptionServices;

namespace Baton.Http;

/// <summary>The one shape of an error that a context brought about.</summary>
internal static class HttpErrors
{
    private const string FinalKey = "Baton.Final";

    /// <summary>
    /// Whether what was thrown may be how the end of the context shows: not if it is a mistake in the call,
    /// nor if a context has said it already.
    /// </summary>
    internal static bool MayBeEndOf(Context ctx, Exception e) =>
        ctx.IsDone
        && e is OperationCanceledException or System.Net.Http.HttpRequestException or IOException
            or ObjectDisposedException
        && e is not (ContextCanceledException or DeadlineExceededException);

    /// <inheritdoc cref="TransportErrors.Of" />
    internal static OperationCanceledException Of(Context ctx, Exception? thrown) =>
        TransportErrors.Of(ctx, thrown);

    /// <summary>Whether it is the exception of a context itself.</summary>
    internal static bool IsOf(Context ctx, OperationCanceledException e) =>
        e is ContextCanceledException or DeadlineExceededException && e.CancellationToken == ctx.Done;

    /// <summary>
    /// The same exception with another token than the context's, for a call that was not given it. A client
    /// whose caller's token is canceled then wraps it in the exception that callers know.
    /// </summary>
    internal static OperationCanceledException OfFound(Context ctx, OperationCanceledException e)
    {
        using var child = ctx.WithCancel();
        return Of(child, TransportErrors.KeptBy(e));
    }

    /// <summary>
    /// Marks what the caller is to see although its context has ended since: a client wraps it, as what the
    /// end brought about.
    /// </summary>
    internal static Exception Final(Exception thrown)
    {
        thrown.Data[FinalKey] = true;
        return Same(thrown);
    }

    /// <summary>What was marked as final, if that is within what a client threw.</summary>
    internal static Exception? FinalIn(Exception thrown) =>
        thrown.InnerException is { } inner && inner.Data.Contains(FinalKey) ? inner : null;

    /// <summary>Throws what was thrown, with the trace it has.</summary>
    internal static Exception Same(Exception thrown)
    {
        ExceptionDispatchInfo.Throw(thrown);
        return thrown;
    }
}
