namespace Baton.Exploration.Scenarios;

/// <summary>Siblings leave and one joins at once: the list keeps exactly those that stay.</summary>
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

        Scenario.Check(parent.ChildCount == 2, "Who left is off the list, who stays is on it.");
        parent.Cancel();
        Scenario.Check(stays.IsDone && joins!.IsDone, "A cancel reaches those on the list.");
    }
}
