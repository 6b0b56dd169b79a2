namespace Baton.AspNetCore;

/// <summary>
/// The cause of a request's context that ended because the request took longer than it had.
/// </summary>
/// <remarks>
/// Found in <see cref="Context.Cause"/>, while <see cref="Context.Err"/> is a
/// <see cref="DeadlineExceededException"/>, and as the inner exception of what the context throws. Requests
/// with the same timeout may share it: it is for reading.
/// </remarks>
public sealed class RequestTimeoutException : TimeoutException, IContextCause
{
    /// <summary>A cause for tests, which give a deadline the cause that a server's timeout has.</summary>
    /// <param name="source">Who set the timeout.</param>
    /// <param name="timeout">How long the request had.</param>
    /// <param name="policyName">The name of the policy, if the endpoint names one.</param>
    public RequestTimeoutException(RequestTimeoutSource source, TimeSpan timeout, string? policyName = null)
        : base(Text(source, timeout, policyName)) =>
            (TimeoutSource, Timeout, PolicyName) = (source, timeout, policyName);

    /// <summary>Who set the timeout.</summary>
    public RequestTimeoutSource TimeoutSource { get; }

    /// <summary>How long the request had. Zero if its caller had no time left.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>The name of the policy, if the endpoint names one.</summary>
    public string? PolicyName { get; }

    (string Name, string? TimeoutSource) IContextCause.Describe() => ("timeout", TimeoutSource switch
    {
        RequestTimeoutSource.Server => "server",
        RequestTimeoutSource.Endpoint => "endpoint",
        RequestTimeoutSource.Policy => "policy",
        RequestTimeoutSource.Caller => "caller",
        _ => null,
    });

    /// <summary>Who set it, in words.</summary>
    internal string Setter => Words(TimeoutSource, PolicyName);

    private static string Text(RequestTimeoutSource source, TimeSpan timeout, string? policyName) =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"request timeout of {timeout:c}, set by {Words(source, policyName)}, has passed");

    private static string Words(RequestTimeoutSource source, string? policyName) => source switch
    {
        RequestTimeoutSource.Server => "the server",
        RequestTimeoutSource.Endpoint => "the endpoint",
        RequestTimeoutSource.Policy => $"the policy '{policyName}'",
        _ => "the caller",
    };
}
