namespace Baton.Exploration.Scenarios;

/// <summary>A cancel meets another one at work further down: each returns with all below it done.</summary>
internal static class CancelWithAnotherBelow
{
    internal static async Task RunAsync()
    {
        var top = Context.Background.WithCancel();
        var middle = top.WithCancel();
        var leaf = middle.WithCancel();

        await Scenario.Together(
            () =>
            {
                top.Cancel();
                Scenario.Check(
                    top.IsDone && middle.IsDone && leaf.IsDone, "A cancel returns with all below it done.");
            },
            () =>
            {
                middle.Cancel();
                Scenario.Check(middle.IsDone && leaf.IsDone, "A cancel returns with all below it done.");
            },
            () =>
            {
                top.Dispose();
                Scenario.Check(top.IsDone && middle.IsDone && leaf.IsDone, "So does a second one.");
            });

        Scenario.Check(top.ChildCount == 0 && middle.ChildCount == 0, "What has ended hangs on no parent.");
    }
}
