namespace Baton.Exploration.Scenarios;

/// <summary>
/// StopAndWaitAsync is called as the context ends: on return the callback is not running, and never will be.
/// </summary>
internal static class StopAndWaitAgainstCallback
{
    internal static async Task RunAsync()
    {
        var ctx = Context.Background.WithCancel();
        var begun = 0;
        var ended = 0;
        var registration = ctx.AfterFunc(() =>
        {
            Interlocked.Increment(ref begun);
            Interlocked.Increment(ref ended);
        });

        var cancel = Task.Run(ctx.Cancel);
        var stopped = await registration.StopAndWaitAsync();

        var seen = Volatile.Read(ref begun);
        Scenario.Check(Volatile.Read(ref ended) == seen, "The callback is not running.");
        Scenario.Check(seen == (stopped ? 0 : 1), "Stopped or run: exactly one of the two.");
        await cancel;
        Scenario.Check(Volatile.Read(ref begun) == seen, "The callback never runs afterwards.");
    }
}
