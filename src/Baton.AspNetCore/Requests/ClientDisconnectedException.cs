namespace Baton.AspNetCore;

/// <summary>
/// The cause of a request's context that ended because the client left, or its connection broke.
/// </summary>
/// <remarks>
/// Found in <see cref="Context.Cause"/>, and as the inner exception of what the context throws. Where the
/// application itself gave the request up, the cause is a <see cref="RequestAbortedException"/>. Kestrel
/// does not tell whether a connection of HTTP/1.1 was closed or reset, nor with which code a stream of HTTP/2
/// was reset.
/// </remarks>
public sealed class ClientDisconnectedException : Exception, IContextCause
{
    /// <summary>A cause for tests, which end a context as a client that leaves would.</summary>
    public ClientDisconnectedException()
        : this("client disconnected")
    {
    }

    private ClientDisconnectedException(string message)
        : base(message)
    {
    }

    /// <summary>
    /// The code with which the client reset a stream of HTTP/3; null where the server gives none.
    /// </summary>
    public long? ErrorCode { get; private init; }

    (string Name, string? TimeoutSource) IContextCause.Describe() => ("client_disconnected", null);

    internal static ClientDisconnectedException ByClient(long? errorCode) =>
        new(errorCode is null ? "client disconnected" : $"client disconnected (error code {errorCode})")
        {
            ErrorCode = errorCode,
        };
}
