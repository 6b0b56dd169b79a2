namespace Baton.Exploration.Scenarios;

/// <summary>
/// Two contexts fall due at once as their parent is canceled: each ends once, by its deadline or the cancel.
/// </summary>
internal static class TwoDeadlinesAgainstCancel
{
    internal static async Task RunAsync()
    {
        var clock = new TestClock();
        var root = Context.Root(clock);
        var cause = new InvalidOperationException("cause");
        var parent = root.WithCancel();
        var first = parent.WithTimeout(TimeSpan.FromSeconds(1));
        var second = parent.WithTimeout(TimeSpan.FromSeconds(1));

        await Scenario.Together(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                Scenario.Check(
                    first.IsDone && second.IsDone,
                    "Advance returns when all contexts that fell due are done.");
            },
            () =>
            {
                parent.Cancel(cause);
                Scenario.CheckAllDone(first, second);
            });

        foreach (var ctx in (CancelableContext[])[first, second])
        {
            Scenario.Check(
                ctx.Err is DeadlineExceededException
                    ? ReferenceEquals(ctx.Cause, ctx.Err)
                    : ReferenceEquals(ctx.Cause, cause),
                "Error and cause come from the same end.");
        }

        Scenario.CheckNothingWaits(root);
        Scenario.CheckNothingHangsOn(parent);
    }
}
