namespace Baton;

/// <summary>A cause that says itself what metrics and traces call it.</summary>
/// <remarks>
/// For exceptions that are given to a context as the cause of its end. The values become attributes of metrics,
/// so each is one of a few constant words, lower case with underscores, and never text of a user's.
/// </remarks>
public interface IContextCause
{
    /// <summary>
    /// What ended the context, for example <c>client_disconnected</c>, and who set the timeout that passed: null if the
    /// cause is no timeout, or nobody says.
    /// </summary>
    (string Name, string? TimeoutSource) Describe();
}
