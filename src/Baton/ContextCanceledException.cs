namespace Baton;

/// <summary>The error of a context that was canceled. Its message is "context canceled".</summary>
/// <remarks>
/// The inner exception is the cause, if one was given. If a context throws it, its token is the context's
/// <see cref="Context.Done"/>.
/// </remarks>
public sealed class ContextCanceledException : ContextException
{
    private const string Text = "context canceled";

    /// <summary>Makes one by hand, for a fake that throws what a context would throw.</summary>
    /// <param name="cause">The inner exception. Null: there is none.</param>
    /// <param name="transportException">
    /// What <see cref="ContextException.TransportException"/> gives. Null: there is none.
    /// </param>
    /// <param name="token">The token of the context. By default, a token that is never canceled.</param>
    public ContextCanceledException(
        Exception? cause = null, Exception? transportException = null, CancellationToken token = default)
        : base(Text, cause, transportException, token)
    {
    }
}
