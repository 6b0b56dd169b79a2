namespace Baton.Exploration.Scenarios;

/// <summary>
/// A select of a delay and a context's end is awaited twice, over the same cases, as time passes and the
/// context ends: each await completes once, with a case that is ready.
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

        // If a wait is never woken, this waits for ever, and Coyote reports a deadlock.
        var taken = await early;
        Scenario.Check(taken == 0 ? hasPassed : ctx.IsDone, "A case is taken that was ready.");
        taken = await late!;
        Scenario.Check(taken == 0 ? hasPassed : ctx.IsDone, "A case is taken that was ready.");
        Scenario.Check(root.Queue.Count == 0, "A context that has ended waits in no queue.");
        Scenario.Check(ctx.ChildCount == 0, "A context that has ended hangs on no parent.");
    }
}
