using System.Runtime.ExceptionServices;

namespace Baton.Http;

/// <summary>Tells errors that a context's end brought about from others.</summary>
internal static class HttpErrors
{
    /// <summary>
    /// Whether the context's end may be why this was thrown. False for a mistake in the call, and for an
    /// exception that a context has thrown itself.
    /// </summary>
    internal static bool MayBeEndOf(Context ctx, Exception e) =>
        ctx.IsDone
        && e is OperationCanceledException or System.Net.Http.HttpRequestException or IOException
            or ObjectDisposedException
        && e is not ContextException;

    /// <summary>
    /// What the caller gets instead, because callers compare an exception's token with the one that they gave;
    /// null if the exception is right as it is.
    /// </summary>
    /// <param name="e">What was thrown.</param>
    /// <param name="ctx">The context of the call.</param>
    /// <param name="isGiven">Whether the call was given the context; else it was found.</param>
    /// <param name="both">The token that the call went on with.</param>
    /// <param name="own">The token that the caller gave.</param>
    internal static OperationCanceledException? ForCaller(
        OperationCanceledException e, Context ctx, bool isGiven, in TokenPair both, CancellationToken own) =>
        ForCaller(e, ctx, isGiven, own)
            ?? (own.IsCancellationRequested && own != both.Token && e.CancellationToken == both.Token
                ? WithToken(e, own)
                : null);

    /// <summary>The same for a call that was refused before it began.</summary>
    internal static OperationCanceledException? ForCaller(
        OperationCanceledException e, Context ctx, bool isGiven, CancellationToken own) =>
        !isGiven && IsOf(ctx, e) ? OfFound(ctx, e, own) : null;

    /// <summary>
    /// Whether it is the exception of this context's end. False for a call that was refused while the context
    /// was live.
    /// </summary>
    private static bool IsOf(Context ctx, OperationCanceledException e) =>
        ctx.IsDone && e is ContextException && e.CancellationToken == ctx.Done;

    /// <summary>
    /// The context's exception for a call that was not given the context, with the token that the call was
    /// given. That is never the one that the caller of an <see cref="HttpClient"/> has. So if the caller's is
    /// canceled too, <see cref="HttpClient"/> wraps the exception in the <see cref="TaskCanceledException"/>
    /// that its callers know.
    /// </summary>
    private static ContextException OfFound(Context ctx, OperationCanceledException e, CancellationToken own) =>
        ctx.NewException(
            (e as ContextException)?.TransportException,
            own == ctx.Done || own.IsCancellationRequested ? own : new CancellationToken(canceled: true));

    /// <summary>
    /// The same exception with another token; null for one of a handler's own type, which cannot be made again.
    /// </summary>
    private static OperationCanceledException? WithToken(OperationCanceledException e, CancellationToken token)
    {
        var same = e.GetType() == typeof(TaskCanceledException)
            ? new TaskCanceledException(e.Message, e.InnerException, token)
            : e.GetType() == typeof(OperationCanceledException)
                ? new OperationCanceledException(e.Message, e.InnerException, token)
                : null;
        if (same is not null && e.StackTrace is { } trace)
        {
            ExceptionDispatchInfo.SetRemoteStackTrace(same, trace);
        }

        return same;
    }
}
