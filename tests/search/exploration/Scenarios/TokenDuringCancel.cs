namespace Baton.Exploration.Scenarios;

/// <summary>
/// Two threads are the first to read Done, while the context ends: they get one token, canceled in the end.
/// </summary>
internal static class TokenDuringCancel
{
    internal static async Task RunAsync()
    {
        var ctx = Context.Background.WithCancel();
        var first = default(CancellationToken);
        var second = default(CancellationToken);

        await Scenario.Together(ctx.Cancel, () => first = ctx.Done, () => second = ctx.Done);

        Scenario.Check(first == second && first == ctx.Done, "The same token every time.");
        Scenario.Check(first.IsCancellationRequested, "The token of a context that is done is canceled.");
    }
}
