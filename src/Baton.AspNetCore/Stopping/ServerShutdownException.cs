namespace Baton.AspNetCore;

/// <summary>
/// The cause of a request's context that ended because the server stops and waits no longer.
/// </summary>
/// <remarks>
/// Found in <see cref="Context.Cause"/>, and as the inner exception of what the context throws.
/// </remarks>
public sealed class ServerShutdownException : Exception, IContextCause
{
    /// <summary>A cause for tests, which end a context as a server that stops would.</summary>
    public ServerShutdownException()
        : base("server is shutting down")
    {
    }

    (string Name, string? TimeoutSource) IContextCause.Describe() => ("shutdown", null);
}
