using System.Text;

namespace Baton;

/// <summary>The exception of a call that a context ended.</summary>
/// <remarks>
/// <para>
/// <c>catch (ContextException e)</c> catches both kinds: <see cref="ContextCanceledException"/> and
/// <see cref="DeadlineExceededException"/>. Both are <see cref="OperationCanceledException"/>s, so code that
/// stops on cancellation stops on them.
/// </para>
/// <para>
/// The inner exception is the context's cause, if one was given. The token is the context's
/// <see cref="Context.Done"/>.
/// </para>
/// </remarks>
public abstract class ContextException : OperationCanceledException
{
    private protected ContextException(
        string message, Exception? cause, Exception? transportException, CancellationToken token)
        : base(message, cause, token) => TransportException = transportException;

    /// <summary>
    /// What the transport threw when it noticed the end of the call first: an exception of HttpClient, gRPC,
    /// or a database driver. Null if none did.
    /// </summary>
    public Exception? TransportException { get; }

    /// <summary>
    /// What ended the context, in one word for metrics and traces: what an <see cref="IContextCause"/> says of
    /// itself, else <c>timeout</c> for a deadline, and <c>canceled</c>.
    /// </summary>
    public string CauseName => InnerException is IContextCause cause
        ? cause.Describe().Name
        : this is DeadlineExceededException ? "timeout" : "canceled";

    /// <summary>
    /// The type, the message and the inner exception as of any exception; then the deadline that passed, and
    /// what the transport threw.
    /// </summary>
    /// <remarks>For logs. Names of keys can be in it, values never are.</remarks>
    public sealed override string ToString()
    {
        var text = new StringBuilder(base.ToString());
        if (this is DeadlineExceededException passed)
        {
            text.AppendLine().Append(passed.Facts);
        }

        if (TransportException is not null)
        {
            text.AppendLine().Append("The transport threw: ").Append(TransportException);
        }

        return text.ToString();
    }
}
