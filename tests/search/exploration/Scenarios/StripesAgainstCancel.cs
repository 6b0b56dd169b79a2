namespace Baton.Exploration.Scenarios;

/// <summary>
/// A context with stripes is canceled while a child joins, another leaves, and a function is stopped.
/// </summary>
internal static class StripesAgainstCancel
{
    internal static async Task RunAsync()
    {
        var cause = new InvalidOperationException("cause");
        var parent = Context.Background.WithCancel();
        var before = parent.WithCancel();
        parent.SpreadOut();
        var stays = parent.WithCancel();
        var leaves = parent.WithCancel();
        var function = new CountedFunction();
        var stopped = false;
        CancelableContext? joins = null;

        await Scenario.Together(
            () =>
            {
                parent.Cancel(cause);
                Scenario.CheckAllDone(before, stays, leaves);
            },
            () =>
            {
                leaves.Dispose();
                joins = parent.WithCancel();
            },
            () => stopped = parent.AfterFunc(function.Run).Stop());

        await function.CheckStoppedOrRunAsync(stopped);
        Scenario.Check(
            joins!.IsDone && ReferenceEquals(joins.Cause, cause), "A child ends as its parent did.");
        Scenario.Check(ReferenceEquals(before.Cause, cause) && ReferenceEquals(stays.Cause, cause),
            "The children from before end as their parent did.");
    }
}
