namespace Baton.Exploration;

/// <summary>A function for a scenario to register on a context. It counts its runs.</summary>
internal sealed class CountedFunction
{
    private readonly TaskCompletionSource _ran = new();
    private int _runs;

    internal void Run()
    {
        Interlocked.Increment(ref _runs);
        _ran.TrySetResult();
    }

    /// <summary>Call it at the end. Checks that the function was stopped, or has run once.</summary>
    internal async Task CheckStoppedOrRunAsync(bool isStopped)
    {
        if (!isStopped)
        {
            // If the function is lost, this waits for ever, and Coyote reports a deadlock.
            await _ran.Task;
        }

        Scenario.Check(_runs == (isStopped ? 0 : 1), "Stopped or run: exactly one of the two.");
    }
}
