namespace Baton.Exploration.Scenarios;

/// <summary>
/// An observer of a context that ends: a reader that sees it done sees the contexts merged with it done.
/// </summary>
internal static class MergedSeenThroughOther
{
    internal static async Task RunAsync()
    {
        var other = Context.Background.WithCancel();
        var below = other.WithCancel();
        var merged = Context.Background.WithCancel(below.Done);
        var child = merged.WithCancel();
        var twice = Context.Background.WithCancel(child.Done);

        await Scenario.Together(
            other.Cancel,
            () =>
            {
                if (below.IsDone)
                {
                    Scenario.Check(child.IsDone, "The other context is done: what hangs on the merged one is.");
                }
            },
            () =>
            {
                if (other.IsDone)
                {
                    Scenario.Check(twice.IsDone, "The other context is done: what is merged from it twice is.");
                }
            });

        Scenario.Check(merged.IsDone && child.IsDone && twice.IsDone, "In the end all are done.");
    }
}
