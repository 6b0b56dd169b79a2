namespace Baton.Exploration.Scenarios;

/// <summary>
/// Both parents of a merged context are canceled: it ends as one of them did, before either cancel returns.
/// </summary>
internal static class MergedAgainstBothParents
{
    internal static async Task RunAsync()
    {
        var first = Context.Background.WithCancel();
        var second = Context.Background.WithCancel();
        var fromFirst = new InvalidOperationException("first");
        var fromSecond = new InvalidOperationException("second");
        var merged = first.WithCancel(second.Done);
        var child = merged.WithCancel();
        Exception? seenByFirst = null, seenBySecond = null;

        await Scenario.Together(
            () =>
            {
                first.Cancel(fromFirst);
                Scenario.Check(
                    merged.IsDone && child.IsDone, "A cancel returns with what it merges into done.");
                seenByFirst = merged.Cause;
            },
            () =>
            {
                second.Cancel(fromSecond);
                Scenario.Check(
                    merged.IsDone && child.IsDone, "A cancel returns with what it merges into done.");
                seenBySecond = merged.Cause;
            });

        Scenario.Check(
            ReferenceEquals(seenByFirst, fromFirst) || ReferenceEquals(seenByFirst, fromSecond),
            "The merged context ends as one of its parents.");
        Scenario.Check(ReferenceEquals(seenByFirst, seenBySecond), "All see one cause.");
        Scenario.Check(
            ReferenceEquals(child.Cause, merged.Cause), "The child ends as the merged context did.");
    }
}
