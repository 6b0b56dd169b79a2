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
    /// Whether it is the exception of this context's end. False for a call that was refused while the context
    /// was live.
    /// </summary>
    internal static bool IsOf(Context ctx, OperationCanceledException e) =>
        ctx.IsDone && e is ContextException && e.CancellationToken == ctx.Done;

    /// <summary>
    /// The context's exception with another token than the context's, for a call that was not given the
    /// context. If the caller's own token is canceled, <see cref="HttpClient"/> then wraps the exception in the
    /// <see cref="TaskCanceledException"/> that its callers know.
    /// </summary>
    internal static ContextException OfFound(Context ctx, OperationCanceledException e) =>
        ctx.NewException((e as ContextException)?.TransportException, new CancellationToken(canceled: true));
}
