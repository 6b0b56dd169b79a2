namespace Baton.Exploration.Scenarios;

/// <summary>
/// A reader looks at a tree that is ending: if it sees a context done, it sees all below it done.
/// </summary>
internal static class AllBelowIsDone
{
    internal static async Task RunAsync()
    {
        var top = Context.Background.WithCancel();
        var middle = top.WithCancel();
        var leaf = middle.WithCancel();
        var token = top.Done;

        await Scenario.Together(
            top.Cancel,
            () =>
            {
                if (top.IsDone)
                {
                    Scenario.Check(middle.IsDone && leaf.IsDone, "The top is done: all below it is.");
                }
                else if (token.IsCancellationRequested)
                {
                    Scenario.Check(top.IsDone && middle.IsDone && leaf.IsDone,
                        "The top's token is canceled: all is done.");
                }
            },
            () =>
            {
                if (middle.IsDone)
                {
                    Scenario.Check(leaf.IsDone, "The middle is done: the leaf is.");
                }
            });

        Scenario.Check(top.IsDone && middle.IsDone && leaf.IsDone, "In the end all are done.");
    }
}
