using Orleans.Concurrency;

namespace Baton.Orleans.Calls;

/// <summary>Tells a grain's silo that a caller has canceled a call.</summary>
[Alias("Baton.IGrainCallEnd")]
internal interface IGrainCallEnd : IGrainExtension
{
    /// <summary>Ends a call, also when it still waits in the grain's queue.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("End")]
    Task EndAsync(long call);
}

internal sealed class GrainCallEnd(RunningCalls calls) : IGrainCallEnd
{
    public Task EndAsync(long call)
    {
        calls.Cancel(call);
        return Task.CompletedTask;
    }
}
