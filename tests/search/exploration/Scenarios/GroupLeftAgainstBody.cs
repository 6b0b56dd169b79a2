namespace Baton.Exploration.Scenarios;

/// <summary>
/// A group is disposed as its body ends and as it is given another task: what runs is canceled in every
/// order, what waits for its turn is dropped, and both ends wait for the tasks.
/// </summary>
internal static class GroupLeftAgainstBody
{
    internal static async Task RunAsync()
    {
        var parent = Context.Background.WithCancel();
        var body = new TaskCompletionSource();
        var hasEnded = false;
        ContextGroup? group = null;
        var all = parent.RunGroupAsync(
            made =>
            {
                group = made;
                made.Go(EndWhenCanceledAsync);
                return body.Task;
            },
            limit: 1);
        Task<int>? given = null;
        Task? disposal = null;

        await Scenario.Together(
            body.SetResult,
            () => disposal = group!.DisposeAsync().AsTask(),
            () => given = RunUnlessClosed(group!));

        // A task that is never canceled leaves this waiting for ever, which Coyote reports.
        await disposal!;
        Scenario.Check(hasEnded, "Disposed: nothing runs.");
        var cause = group!.Context.Cause;
        foreach (var task in (Task?[])[all, given])
        {
            try
            {
                await (task ?? Task.FromException(new ContextCanceledException(cause)));
                Scenario.Check(false, "What is cut short or dropped is no success.");
            }
            catch (ContextCanceledException e)
            {
                Scenario.Check(ReferenceEquals(e.InnerException, cause), "It says why.");
            }
        }

        Scenario.Check(group.Failures.Count == 0, "What is canceled or dropped has not failed.");
        Scenario.Check(parent.ChildCount == 0, "A group that was disposed hangs on no parent.");

        async Task EndWhenCanceledAsync(Context ctx)
        {
            try
            {
                await ctx.Delay(Timeout.InfiniteTimeSpan);
            }
            finally
            {
                hasEnded = true;
            }
        }
    }

    /// <summary>Null if the group was disposed and no task was left.</summary>
    private static Task<int>? RunUnlessClosed(ContextGroup group)
    {
        try
        {
            return group.Run(_ =>
            {
                Scenario.Check(false, "What waits for its turn is dropped.");
                return Task.FromResult(1);
            });
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }
}
