namespace Baton.Orleans.Calls;

/// <summary>The end of a call on the grain's side.</summary>
internal static class IncomingCall
{
    /// <summary>
    /// Orleans also cancels a call whose caller's deadline has passed. The grain's own deadline is at that
    /// moment at most a message's way off, and is left to end the call: the cause is then the true one.
    /// </summary>
    private static readonly TimeSpan s_deadlineIsNear = TimeSpan.FromMilliseconds(100);

    internal static void OnCallerCanceled(CancelableContext running)
    {
        if (running.Deadline is null || running.Remaining > s_deadlineIsNear)
        {
            running.Cancel(new GrainCallCanceledException());
        }
    }
}
