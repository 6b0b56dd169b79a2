namespace Baton.Exploration.Scenarios;

/// <summary>A function of one context looks at the others that ended along with it: all are done.</summary>
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
        middle.AfterFunc(() => Scenario.Check(leaf.IsDone, "Nor before what is below is done."));

        await Scenario.Together(top.Cancel, middle.Cancel);

        // A function that is lost leaves this waiting for ever, which Coyote reports.
        await ran.Task;
    }
}
