namespace Baton.Exploration.Scenarios;

/// <summary>
/// A function of one context looks at the other contexts of the cancellation: all are done.
/// </summary>
internal static class FunctionsAgainstMarking
{
    internal static async Task RunAsync()
    {
        var top = Context.Background.WithCancel();
        var middle = top.WithCancel();
        var leaf = middle.WithCancel();
        var ran = new TaskCompletionSource();
        leaf.AfterFunc(() =>
        {
            Scenario.Check(leaf.IsDone && middle.IsDone, "No function runs before all are done.");
            Scenario.Check(ran.TrySetResult(), "A function runs once.");
        });
        middle.AfterFunc(() => Scenario.Check(
            leaf.IsDone, "No function runs before the contexts below are done."));

        await Scenario.Together(top.Cancel, middle.Cancel);

        // If the function is lost, this waits for ever, and Coyote reports a deadlock.
        await ran.Task;
    }
}
