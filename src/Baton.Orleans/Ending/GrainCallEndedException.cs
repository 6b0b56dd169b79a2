namespace Baton.Orleans;

/// <summary>What a grain sends home in place of the exception of its context.</summary>
/// <remarks>
/// The caller's filter turns it into a <see cref="ContextException"/> again; it is then the
/// <see cref="ContextException.TransportException"/>.
/// </remarks>
[GenerateSerializer]
[Alias("Baton.GrainCallEnded")]
public sealed class GrainCallEndedException : Exception
{
    internal GrainCallEndedException(ContextException end)
        : base(end.Message, end.InnerException switch
        {
            GrainDeactivatedException or SiloShutdownException or GrainCallCanceledException => end.InnerException,
            _ => null,
        }) =>
        IsDeadlineExceeded = end is DeadlineExceededException;

    /// <summary>Whether the grain's context ended by its deadline.</summary>
    [Id(0)]
    public bool IsDeadlineExceeded { get; private set; }
}
