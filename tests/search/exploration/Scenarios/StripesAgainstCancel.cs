namespace Baton.Exploration.Scenarios;

/// <summary>
/// A context with stripes is canceled as a child joins, one leaves, and a function is stopped.
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
        var runs = 0;
        var ran = new TaskCompletionSource();
        var stopped = false;
        CancelableContext? joins = null;

        await Scenario.Together(
            () =>
            {
                parent.Cancel(cause);
                Scenario.Check(before.IsDone && stays.IsDone && leaves.IsDone,
                    "A cancel returns with all below it done.");
            },
            () =>
            {
                leaves.Dispose();
                joins = parent.WithCancel();
            },
            () => stopped = parent.AfterFunc(Run).Stop());

        if (!stopped)
        {
            await ran.Task;
        }

        Scenario.Check(runs == (stopped ? 0 : 1), "Stopped or run: exactly one of the two.");
        Scenario.Check(
            joins!.IsDone && ReferenceEquals(joins.Cause, cause), "A child ends as its parent did.");
        Scenario.Check(ReferenceEquals(before.Cause, cause) && ReferenceEquals(stays.Cause, cause),
            "So do those before.");

        void Run()
        {
            Interlocked.Increment(ref runs);
            ran.TrySetResult();
        }
    }
}
