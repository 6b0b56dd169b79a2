namespace Baton.AspNetCore;

/// <summary>
/// The cause of a request's context that ended because the client left, or its connection broke.
/// </summary>
/// <remarks>
/// Found in <see cref="Context.Cause"/>, and as the inner exception of what the context throws. It is also
/// the cause when the application or the server aborts the connection: seen from the handler that is the
/// same.
/// </remarks>
public sealed class ClientDisconnectedException : Exception
{
    internal ClientDisconnectedException()
        : base("client disconnected")
    {
    }
}
