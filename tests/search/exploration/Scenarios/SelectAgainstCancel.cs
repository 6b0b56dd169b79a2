namespace Baton.Exploration.Scenarios;

/// <summary>
/// A select of a delay and a context's end starts, twice over the same cases, as time passes and the context
/// ends: each of the two ends once, with the one or the other.
/// </summary>
internal static class SelectAgainstCancel
{
    internal static async Task RunAsync()
    {
        var clock = new TestClock();
        var root = Context.Root(clock);
        var ctx = root.WithCancel();
        var cases = Select.After(TimeSpan.FromSeconds(1)).Done(ctx);
        var early = cases.AsTask();
        Task<int>? late = null;
        var hasPassed = false;

        await Scenario.Together(
            () => late = cases.AsTask(),
            () =>
            {
                hasPassed = true;
                clock.Advance(TimeSpan.FromSeconds(1));
            },
            ctx.Cancel);

        // A wait that nobody wakes leaves this waiting for ever, which Coyote reports.
        var taken = await early;
        Scenario.Check(taken == 0 ? hasPassed : ctx.IsDone, "A case is taken that was ready.");
        taken = await late!;
        Scenario.Check(taken == 0 ? hasPassed : ctx.IsDone, "A case is taken that was ready.");
        Scenario.Check(root.Queue.Count == 0, "What has ended waits in no queue.");
        Scenario.Check(ctx.ChildCount == 0, "What has ended hangs on no parent.");
    }
}
