namespace Baton.Exploration.Scenarios;

/// <summary>
/// A reader looks at a context that is ending: if it sees the context done, it sees those merged with it
/// done.
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
                    Scenario.Check(
                        child.IsDone, "The other context is done, so what hangs on the merged one is.");
                }
            },
            () =>
            {
                if (other.IsDone)
                {
                    Scenario.Check(
                        twice.IsDone, "The other context is done, so what is merged from it twice is.");
                }
            });

        Scenario.Check(merged.IsDone && child.IsDone && twice.IsDone, "In the end all are done.");
    }
}
