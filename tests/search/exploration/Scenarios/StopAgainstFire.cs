namespace Baton.Exploration.Scenarios;

/// <summary>
/// A registration is stopped as its context ends: either Stop says so, or the callback runs.
/// </summary>
internal static class StopAgainstFire
{
    internal static async Task RunAsync()
    {
        var ctx = Context.Background.WithCancel();
        var runs = 0;
        var ran = new TaskCompletionSource();
        var registration = ctx.AfterFunc(() =>
        {
            Interlocked.Increment(ref runs);
            ran.TrySetResult();
        });
        var stopped = false;

        await Scenario.Together(ctx.Cancel, () => stopped = registration.Stop());

        if (!stopped)
        {
            // A callback that is lost leaves this waiting for ever, which Coyote reports.
            await ran.Task;
        }

        Scenario.Check(!registration.Stop(), "Only one call stops.");
        Scenario.Check(runs == (stopped ? 0 : 1), "Stopped or run: exactly one of the two.");
    }
}
