namespace Baton.Exploration.Scenarios;

/// <summary>
/// A child joins a context over a foreign token, and another child leaves, as the token is canceled.
/// </summary>
internal static class JoinAgainstForeignToken
{
    internal static async Task RunAsync()
    {
        using var source = new CancellationTokenSource();
        var root = Context.FromToken(source.Token);
        var leaves = root.WithCancel();
        CancelableContext? joins = null;

        await Scenario.Together(
            source.Cancel,
            () => joins = root.WithCancel(),
            leaves.Dispose);

        // IsDone would ask the token, and end a child that was not told.
        Scenario.Check(joins!.IsMarkedDone && leaves.IsMarkedDone, "A child ends with the token.");
        Scenario.CheckNothingHangsOn(root.Owner!);
    }
}
