namespace Baton.Exploration.Scenarios;

/// <summary>
/// Siblings leave while another child joins: the list keeps exactly the children that stay.
/// </summary>
internal static class SiblingsLeaveAtOnce
{
    internal static async Task RunAsync()
    {
        var parent = Context.Background.WithCancel();
        var stays = parent.WithCancel();
        var first = parent.WithCancel();
        var second = parent.WithCancel();
        CancelableContext? joins = null;

        await Scenario.Together(first.Dispose, second.Dispose, () => joins = parent.WithCancel());

        Scenario.Check(parent.ChildCount == 2, "The list has the children that stay, and no others.");
        parent.Cancel();
        Scenario.Check(stays.IsDone && joins!.IsDone, "A cancel reaches the children on the list.");
    }
}
