using System.Runtime.ExceptionServices;

namespace Baton.Http;

/// <summary>Tells errors that a context's end brought about from others.</summary>
internal static class HttpErrors
{
    private static readonly HttpRequestOptionsKey<Exception> s_final = new("Baton.Final");

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

    /// <summary>
    /// Throws what the caller sees although its context has ended since. The request keeps it, because a
    /// client wraps it as if the end had brought it about.
    /// </summary>
    internal static Exception Final(HttpRequestMessage request, Exception thrown)
    {
        request.Options.Set(s_final, thrown);
        return Same(thrown);
    }

    /// <summary>What the request keeps as final, if a client threw it with something around it.</summary>
    internal static Exception? FinalIn(HttpRequestMessage request, Exception thrown) =>
        request.Options.TryGetValue(s_final, out var final) && thrown.InnerException == final ? final : null;

    /// <summary>Throws what was thrown, with the trace it has.</summary>
    internal static Exception Same(Exception thrown)
    {
        ExceptionDispatchInfo.Throw(thrown);
        return thrown;
    }
}
