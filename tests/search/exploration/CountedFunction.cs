namespace Baton.Exploration;

/// <summary>A function to hang on a context, which counts its runs.</summary>
internal sealed class CountedFunction
{
    private readonly TaskCompletionSource _ran = new();
    private int _runs;

    internal void Run()
    {
        Interlocked.Increment(ref _runs);
        _ran.TrySetResult();
    }

    /// <summary>For the end: the function was stopped, or else it has run once.</summary>
    internal async Task CheckStoppedOrRunAsync(bool isStopped)
    {
        if (!isStopped)
        {
            // A function that is lost leaves this waiting for ever, which Coyote reports.
            await _ran.Task;
        }

        Scenario.Check(_runs == (isStopped ? 0 : 1), "Stopped or run: exactly one of the two.");
    }
}
