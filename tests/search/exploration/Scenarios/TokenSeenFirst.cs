namespace Baton.Exploration.Scenarios;

/// <summary>
/// A reader looks at a foreign token while it is canceled: if it sees the token canceled, it sees every
/// context below the token done, in all views.
/// </summary>
internal static class TokenSeenFirst
{
    internal static async Task RunAsync()
    {
        using var source = new CancellationTokenSource();
        var over = Context.FromToken(source.Token);
        var child = over.WithCancel().WithCancel();
        var merged = Context.Background.WithCancel(source.Token).WithCancel();
        using var hangs = merged.AfterFunc(static () => { });

        await Scenario.Together(
            source.Cancel,
            () =>
            {
                if (source.Token.IsCancellationRequested)
                {
                    Scenario.Check(
                        child.IsDone && child.Err is not null && child.Done.IsCancellationRequested,
                        "The token is canceled: a child has ended in every view.");
                }
            },
            () =>
            {
                if (source.Token.IsCancellationRequested)
                {
                    merged.Cancel(new InvalidOperationException("late"));
                    Scenario.Check(
                        merged.Cause is ContextCanceledException, "A cancellation after the token's changes nothing.");
                }
            });

        Scenario.Check(over.IsDone && child.IsDone && merged.IsDone, "In the end all are done.");
    }
}
