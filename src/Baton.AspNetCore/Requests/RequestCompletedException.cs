namespace Baton.AspNetCore;

/// <summary>
/// The cause of a request's context that ended because the handler has returned, or thrown.
/// </summary>
/// <remarks>
/// Found in <see cref="Context.Cause"/>. Code that sees it goes on for a request that is over: a task that was
/// started and not awaited, or a child of the context that was kept. For such work derive from <see
/// cref="Context.WithoutCancel"/>.
/// </remarks>
public sealed class RequestCompletedException : Exception
{
    internal RequestCompletedException()
        : base("request completed")
    {
    }
}
