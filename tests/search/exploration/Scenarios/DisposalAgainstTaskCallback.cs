namespace Baton.Exploration.Scenarios;

/// <summary>
/// A registration is disposed, twice, as its context ends: after each disposal the task of the callback has
/// completed, or the callback never runs.
/// </summary>
internal static class DisposalAgainstTaskCallback
{
    internal static async Task RunAsync()
    {
        var ctx = Context.Background.WithCancel();
        var begun = 0;
        var ended = 0;
        var registration = ctx.AfterFunc(async () =>
        {
            Interlocked.Increment(ref begun);
            await Task.Yield();
            Interlocked.Increment(ref ended);
        });

        var cancel = Task.Run(ctx.Cancel);
        var dispose = Task.Run(DisposeAsync);
        var first = await DisposeAsync();
        var second = await dispose;
        await cancel;
        var runs = Volatile.Read(ref begun);
        Scenario.Check(runs <= 1, "The callback runs at most once.");
        Scenario.Check(first == runs && second == runs, "After a disposal the callback does not start.");

        async Task<int> DisposeAsync()
        {
            await registration.DisposeAsync();
            var seen = Volatile.Read(ref begun);
            Scenario.Check(Volatile.Read(ref ended) == seen, "The task of the callback has completed.");
            return seen;
        }
    }
}
