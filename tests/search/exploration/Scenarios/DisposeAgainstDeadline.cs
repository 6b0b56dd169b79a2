namespace Baton.Exploration.Scenarios;

/// <summary>
/// A context is disposed as its deadline passes: one of the two ends it, and every reader sees the same end.
/// </summary>
internal static class DisposeAgainstDeadline
{
    internal static async Task RunAsync()
    {
        var clock = new TestClock();
        var root = Context.Root(clock);
        var ctx = root.WithTimeout(TimeSpan.FromSeconds(1));
        var child = ctx.WithCancel();
        Exception? seenFirst = null, seenSecond = null;

        await Scenario.Together(
            () =>
            {
                ctx.Dispose();
                Scenario.CheckAllDone(ctx, child);
                seenFirst = ctx.Err;
            },
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                Scenario.Check(
                    ctx.IsDone && child.IsDone, "Advance returns with what was due, and its child, done.");
                seenSecond = ctx.Err;
            });

        Scenario.Check(seenFirst is not null && ReferenceEquals(seenFirst, seenSecond), "All see one error.");
        Scenario.Check(ReferenceEquals(ctx.Err, child.Err), "The child has its parent's error.");
        Scenario.CheckNothingWaits(root);
    }
}
