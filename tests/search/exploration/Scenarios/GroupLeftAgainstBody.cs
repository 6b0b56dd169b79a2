namespace Baton.Exploration.Scenarios;

/// <summary>
/// A group is disposed as its body ends and as it is given another task: in every order, the running task is
/// canceled, a task that waits for its turn is dropped, and both the disposal and the body's end wait.
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

        // If the task is never canceled, this waits for ever, and Coyote reports a deadlock.
        await disposal!;
        Scenario.Check(hasEnded, "After the disposal, no task runs.");
        var cause = group!.Context.Cause;
        foreach (var task in (Task?[])[all, given])
        {
            try
            {
                await (task ?? Task.FromException(new ContextCanceledException(cause)));
                Scenario.Check(false, "A task that was canceled or dropped has not succeeded.");
            }
            catch (ContextCanceledException e)
            {
                Scenario.Check(ReferenceEquals(e.InnerException, cause), "The exception has the cause.");
            }
        }

        Scenario.Check(group.Failures.Count == 0, "A task that was canceled or dropped has not failed.");
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
                Scenario.Check(false, "A task that waits for its turn is dropped.");
                return Task.FromResult(1);
            });
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }
}
