namespace Baton.Exploration.Scenarios;

/// <summary>A child is disposed as its parent is canceled: the cancel still reaches its siblings.</summary>
internal static class ChildLeavesDuringCancel
{
    internal static async Task RunAsync()
    {
        var parent = Context.Background.WithCancel();
        var oldest = parent.WithCancel();
        oldest.AfterFunc(static () => { });
        var middle = parent.WithCancel();
        var newest = parent.WithCancel();

        await Scenario.Together(
            () =>
            {
                parent.Cancel();
                Scenario.CheckAllDone(oldest, middle, newest);
            },
            middle.Dispose,
            newest.Dispose);
    }
}
