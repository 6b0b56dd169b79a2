using System.Globalization;

namespace Baton;

/// <summary>
/// The error of a context whose deadline has passed. Its message is "context deadline exceeded".
/// </summary>
/// <remarks>
/// The inner exception is the cause, if one was given. If a context throws it, its token is the context's <see
/// cref="Context.Done"/>. It is an <see cref="OperationCanceledException"/>, not a <see
/// cref="TimeoutException"/>: code that stops on cancellation stops on a deadline.
/// </remarks>
public sealed class DeadlineExceededException : ContextException
{
    private const string Text = "context deadline exceeded";

    /// <summary>The context whose deadline this is; null for an exception that was made by hand.</summary>
    private readonly DeadlineContext? _passed;
    private readonly DateTimeOffset _deadline;
    private readonly TimeSpan _timeout;

    /// <summary>Makes one by hand, for a fake that throws what a context would throw.</summary>
    /// <param name="deadline">What <see cref="Deadline"/> gives.</param>
    /// <param name="timeout">What <see cref="Timeout"/> gives.</param>
    /// <param name="cause">The inner exception. Null: there is none.</param>
    /// <param name="transportException">
    /// What <see cref="ContextException.TransportException"/> gives. Null: there is none.
    /// </param>
    /// <param name="token">The token of the context. By default, a token that is never canceled.</param>
    public DeadlineExceededException(
        DateTimeOffset deadline = default,
        TimeSpan timeout = default,
        Exception? cause = null,
        Exception? transportException = null,
        CancellationToken token = default)
        : base(Text, cause, transportException, token) => (_deadline, _timeout) = (deadline, timeout);

    internal DeadlineExceededException(
        DeadlineContext passed,
        TimeSpan lateness,
        Exception? cause,
        Exception? transportException,
        CancellationToken token)
        : base(Text, cause, transportException, token) => (_passed, Lateness) = (passed, lateness);

    /// <summary>
    /// The deadline that passed, in universal time: the context's own, or one further up that was earlier.
    /// </summary>
    public DateTimeOffset Deadline => _passed?.Deadline ?? _deadline;

    /// <summary>
    /// The timeout that the deadline was given as; for one given as an instant, the time that remained then.
    /// Zero or less if it had passed already.
    /// </summary>
    public TimeSpan Timeout => _passed?.Timeout ?? _timeout;

    /// <summary>
    /// How long after the deadline its passing was noticed: zero or more. Zero also for a call that was
    /// refused because too little time remained (<see cref="Context.ThrowIfRemainingLessThan"/>).
    /// </summary>
    public TimeSpan Lateness { get; }

    /// <summary>
    /// Which context set the deadline: the chain down to it, as its <see cref="Context.ToString"/> gives it.
    /// Empty for an exception that was made by hand.
    /// </summary>
    public string Origin => _passed?.ToString() ?? "";

    /// <summary>The facts above as sentences, for <see cref="ContextException.ToString"/>.</summary>
    internal string Facts => string.Create(
        CultureInfo.InvariantCulture,
        $"The deadline was {Deadline:yyyy-MM-dd HH:mm:ss.FFFFFFF zzz}, a timeout of {Timeout}, noticed {Lateness} late.")
        + (Origin.Length > 0 ? $" It was set by {Origin}." : "");
}
