namespace Baton.AspNetCore;

/// <summary>
/// The cause of a request's context that ended because the application aborted the request, by
/// <c>HttpContext.Abort()</c>.
/// </summary>
/// <remarks>
/// Found in <see cref="Context.Cause"/>, and as the inner exception of what the context throws. The
/// connection of HTTP/1.1, or the stream of HTTP/2 or HTTP/3, is closed, so there is no response.
/// </remarks>
public sealed class RequestAbortedException : Exception, IContextCause
{
    /// <summary>A cause for tests, which end a context as <c>HttpContext.Abort()</c> would.</summary>
    public RequestAbortedException()
        : base("request aborted by the application")
    {
    }

    (string Name, string? TimeoutSource) IContextCause.Describe() => ("aborted", null);
}
