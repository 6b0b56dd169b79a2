using Orleans.Configuration;

namespace Baton.Orleans.Calls;

/// <summary>What the application has configured of Orleans' response timeout, before Baton raised it.</summary>
internal sealed class ResponseLimits
{
    /// <summary>For calls without a deadline; null if Orleans applies it itself.</summary>
    internal TimeSpan? Default { get; private set; }

    internal bool WaitsForAcknowledgement { get; private set; }

    internal void Raise(MessagingOptions messaging, BatonOrleansOptions options)
    {
        WaitsForAcknowledgement = messaging.WaitForCancellationAcknowledgement;
        if (messaging.ResponseTimeout < options.MaxTimeout)
        {
            Default = messaging.ResponseTimeout;
            messaging.ResponseTimeout = options.MaxTimeout;
        }
    }
}
