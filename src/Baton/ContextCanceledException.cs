namespace Baton;

/// <summary>The error of a context that was canceled. Its message is "context canceled".</summary>
/// <remarks>
/// The inner exception is the cause, if one was given. Thrown by a context, its token is the context's
/// <see cref="Context.Done"/>.
/// </remarks>
public sealed class ContextCanceledException : OperationCanceledException
{
    internal ContextCanceledException(Exception? cause, CancellationToken token)
        : base("context canceled", cause, token)
    {
    }
}
