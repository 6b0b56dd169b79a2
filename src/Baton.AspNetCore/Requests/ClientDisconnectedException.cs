namespace Baton.AspNetCore;

/// <summary>
/// The cause of a request's context that ended because the client left, or its connection broke.
/// </summary>
/// <remarks>
/// Found in <see cref="Context.Cause"/>, and as the inner exception of what the context throws. It is also
/// the cause when the application or the server aborts the connection: to the request that is the same.
/// Kestrel tells nobody whether a connection of HTTP/1.1 was closed or reset, nor with which code a stream of
/// HTTP/2 was.
/// </remarks>
public sealed class ClientDisconnectedException : Exception
{
    private ClientDisconnectedException(string message)
        : base(message)
    {
    }

    /// <summary>
    /// The code with which the client reset a stream of HTTP/3; null where the server gives none.
    /// </summary>
    public long? ErrorCode { get; private init; }

    /// <summary>
    /// Whether it was the application that aborted the connection, by <c>HttpContext.Abort()</c>.
    /// </summary>
    public bool IsAbort { get; private init; }

    internal static ClientDisconnectedException ByClient(long? errorCode) =>
        new(errorCode is null ? "client disconnected" : $"client disconnected (error code {errorCode})")
        {
            ErrorCode = errorCode,
        };

    internal static ClientDisconnectedException ByApplication() =>
        new("connection aborted by the application") { IsAbort = true };
}
