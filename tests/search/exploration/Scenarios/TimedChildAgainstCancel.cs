namespace Baton.Exploration.Scenarios;

/// <summary>
/// A child with a deadline is made while its parent ends: the deadline does not stay in the queue.
/// </summary>
internal static class TimedChildAgainstCancel
{
    internal static async Task RunAsync()
    {
        var cause = new InvalidOperationException("cause");
        var root = Context.Root(new TestClock());
        var parent = root.WithCancel();
        CancelableContext? child = null;

        await Scenario.Together(
            () => parent.Cancel(cause),
            () => child = parent.WithTimeout(TimeSpan.FromSeconds(1)));

        Scenario.Check(ReferenceEquals(child!.Cause, cause), "A child ends as its parent did.");
        Scenario.CheckNothingWaits(root);
    }
}
