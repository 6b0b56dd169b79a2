namespace Baton.Exploration.Scenarios;

/// <summary>
/// A reader looks at a context that is ending: if it sees the end in one view, it sees it in all of them.
/// </summary>
internal static class ThreeViews
{
    internal static async Task RunAsync()
    {
        var cause = new InvalidOperationException("cause");
        var parent = Context.Background.WithCancel();
        var ctx = parent.WithCancel();
        var token = ctx.Done;

        await Scenario.Together(
            () => parent.Cancel(cause),
            () =>
            {
                if (token.IsCancellationRequested)
                {
                    Scenario.Check(ctx.IsDone, "The token is canceled: the context is done.");
                    Scenario.Check(
                        ReferenceEquals(ctx.Cause, cause), "The token is canceled: there is a cause.");
                }
            },
            () =>
            {
                if (ctx.IsDone)
                {
                    Scenario.Check(
                        token.IsCancellationRequested, "The context is done: its token is canceled.");
                    Scenario.Check(
                        ReferenceEquals(ctx.Cause, cause), "The context is done: there is a cause.");
                }
                else if (ctx.Err is not null)
                {
                    Scenario.Check(
                        token.IsCancellationRequested, "There is an error: the token is canceled.");
                    Scenario.Check(ctx.IsDone, "There is an error: the context is done.");
                }
            });

        Scenario.Check(
            token.IsCancellationRequested && ctx.IsDone && ctx.Err is not null, "In the end all are done.");
    }
}
