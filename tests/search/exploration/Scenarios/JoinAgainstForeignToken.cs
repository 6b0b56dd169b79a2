namespace Baton.Exploration.Scenarios;

/// <summary>
/// A child joins a context of somebody else's token, and another leaves, as that token is canceled.
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

        // Not the context of the token itself first: it looks at its token when asked.
        Scenario.Check(joins!.IsDone && leaves.IsDone, "A child ends with the token.");
        Scenario.CheckNothingHangsOn(root.Owner!);
    }
}
