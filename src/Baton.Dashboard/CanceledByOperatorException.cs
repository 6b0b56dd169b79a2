namespace Baton.Dashboard;

/// <summary>The cause of a request's context that a person has canceled on the page of requests.</summary>
/// <remarks>
/// Found in <see cref="Context.Cause"/>, and as the inner exception of what the context throws. The client gets the
/// response of a context that was canceled: 503.
/// </remarks>
public sealed class CanceledByOperatorException : Exception
{
    internal CanceledByOperatorException(string operatorName)
        : base($"canceled by operator '{operatorName}'") => OperatorName = operatorName;

    /// <summary>
    /// The name of the person, as authentication gave it; "unknown" if it gave none. At most 100 characters.
    /// </summary>
    public string OperatorName { get; }
}
