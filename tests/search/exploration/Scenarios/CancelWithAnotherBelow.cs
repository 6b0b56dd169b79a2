namespace Baton.Exploration.Scenarios;

/// <summary>
/// A cancel runs while another cancel runs further down: each returns with all below it done.
/// </summary>
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
                Scenario.CheckAllDone(top, middle, leaf);
            },
            () =>
            {
                middle.Cancel();
                Scenario.CheckAllDone(middle, leaf);
            },
            () =>
            {
                top.Dispose();
                Scenario.CheckAllDone(top, middle, leaf);
            });

        Scenario.CheckNothingHangsOn(top, middle);
    }
}
