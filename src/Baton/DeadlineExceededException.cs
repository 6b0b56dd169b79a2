namespace Baton;

/// <summary>
/// The error of a context whose deadline has passed. Its message is "context deadline exceeded".
/// </summary>
/// <remarks>
/// The inner exception is the cause, if one was given. Thrown by a context, its token is the context's <see
/// cref="Context.Done"/>. An <see cref="OperationCanceledException"/>, not a <see cref="TimeoutException"/>:
/// what stops on cancellation stops on a deadline.
/// </remarks>
public sealed class DeadlineExceededException : OperationCanceledException
{
    internal DeadlineExceededException(DateTimeOffset deadline, Exception? cause, CancellationToken token)
        : base("context deadline exceeded", cause, token) => Deadline = deadline;

    /// <summary>The deadline that passed, in universal time.</summary>
    public DateTimeOffset Deadline { get; }
}
