namespace Baton.Exploration.Scenarios;

/// <summary>
/// An idle group is disposed twice as it is given a task: after a disposal its context is done, and no task
/// runs.
/// </summary>
internal static class GroupDisposedAgainstTryGo
{
    internal static async Task RunAsync()
    {
        var parent = Context.Background.WithCancel();
        var group = parent.Group();
        var isStarted = false;
        var ran = 0;
        Task? first = null, second = null;

        await Scenario.Together(
            () => isStarted = group.TryGo(_ =>
            {
                Interlocked.Increment(ref ran);
                return Task.CompletedTask;
            }),
            () => Dispose(out first),
            () => Dispose(out second));

        await first!;
        Scenario.Check(ran == (isStarted ? 1 : 0), "After the disposals, a task that was started has run.");
        await second!;
        Scenario.Check(parent.ChildCount == 0, "A group that was disposed hangs on no parent.");

        void Dispose(out Task disposal)
        {
            disposal = group.DisposeAsync().AsTask();
            Scenario.Check(
                !disposal.IsCompleted || group.Context.IsDone, "After a disposal, the context is done.");
        }
    }
}
