namespace Baton.Http;

/// <summary>
/// Ends the attempts of a call, because no strategy takes it for a failure that may pass. Code outside of the
/// client never sees it.
/// </summary>
/// <param name="needed">How much time had to remain for another attempt.</param>
internal sealed class RetryRefusedException(TimeSpan needed)
    : Exception("Too little time remains for another attempt.")
{
    internal TimeSpan Needed => needed;
}
