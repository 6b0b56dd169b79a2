namespace Baton.Exploration.Scenarios;

/// <summary>
/// A context gets stripes as children join and leave, and functions are stopped before they hang anywhere.
/// </summary>
internal static class SpreadingAgainstJoins
{
    internal static async Task RunAsync()
    {
        var parent = Context.Background.WithCancel();
        var leaves = parent.WithCancel();
        using var bystander = parent.AfterFunc(static () => { });
        var stays = default(CancelableContext);

        await Scenario.Together(
            parent.SpreadOut,
            () =>
            {
                stays = parent.WithCancel();
                leaves.Dispose();
            },
            () => parent.AfterFunc(static () => { }).Stop());

        Scenario.Check(parent.ChildCount == 1, "Who left is off the list, who stays is on it.");
        Scenario.Check(
            parent.CallbackCount == 1, "Of the functions, the one that was not stopped hangs there.");
        parent.Cancel();
        Scenario.Check(stays!.IsDone, "A cancel reaches those on the stripes.");
    }
}
