namespace Baton.Orleans;

/// <summary>The cause when the caller of a grain canceled its call.</summary>
[GenerateSerializer]
[Alias("Baton.GrainCallCanceled")]
public sealed class GrainCallCanceledException : Exception
{
    /// <summary>Makes one.</summary>
    public GrainCallCanceledException()
        : base("The caller canceled the grain call.")
    {
    }
}
