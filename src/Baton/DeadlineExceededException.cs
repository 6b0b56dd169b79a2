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
    private readonly DeadlineContext _passed;

    internal DeadlineExceededException(
        DeadlineContext passed, TimeSpan lateness, Exception? cause, CancellationToken token)
        : base("context deadline exceeded", cause, token)
    {
        _passed = passed;
        Lateness = lateness;
    }

    /// <summary>
    /// The deadline that passed, in universal time: the context's own, or one further up that was earlier.
    /// </summary>
    public DateTimeOffset Deadline => _passed.Deadline;

    /// <summary>
    /// The timeout that the deadline was given as; for one given as an instant, the time that was left then.
    /// Zero or less if it had passed already.
    /// </summary>
    public TimeSpan Timeout => _passed.Timeout;

    /// <summary>How long after the deadline that was noticed. Zero or more.</summary>
    public TimeSpan Lateness { get; }

    /// <summary>
    /// Which context set the deadline: the chain down to it, as its <see cref="Context.ToString"/> gives it.
    /// </summary>
    public string SetBy => _passed.ToString();
}
