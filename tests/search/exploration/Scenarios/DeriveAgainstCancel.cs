namespace Baton.Exploration.Scenarios;

/// <summary>A child is made while its parent ends: the child ends too, as the parent did.</summary>
internal static class DeriveAgainstCancel
{
    internal static async Task RunAsync()
    {
        var cause = new InvalidOperationException("cause");
        var parent = Context.Background.WithCancel();
        parent.WithCancel();
        CancelableContext? child = null;

        await Scenario.Together(
            () =>
            {
                parent.Cancel(cause);
                Scenario.Check(
                    Volatile.Read(ref child) is not { IsDone: false },
                    "A cancel returns with all below it done.");
            },
            () => Volatile.Write(ref child, parent.WithCancel()));

        Scenario.Check(child!.IsDone, "A child ends with its parent.");
        Scenario.Check(ReferenceEquals(child.Cause, cause), "A child ends as its parent did.");
    }
}
