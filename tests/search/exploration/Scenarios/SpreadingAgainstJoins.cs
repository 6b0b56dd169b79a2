namespace Baton.Exploration.Scenarios;

/// <summary>
/// A context gets stripes while children join and leave, and a function is stopped as it is added.
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

        Scenario.Check(parent.ChildCount == 1, "The lists have the children that stay, and no others.");
        Scenario.Check(
            parent.CallbackCount == 1, "Only the function that was not stopped hangs on the context.");
        parent.Cancel();
        Scenario.Check(stays!.IsDone, "A cancel reaches the children on the stripes.");
    }
}
