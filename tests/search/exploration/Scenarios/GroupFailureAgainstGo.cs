namespace Baton.Exploration.Scenarios;

/// <summary>
/// A task of a group fails while the group is given other tasks, one of which fails too, and while a wait is
/// pending: the first failure is the cause, and once the group is disposed no task runs.
/// </summary>
internal static class GroupFailureAgainstGo
{
    private const int Limit = 2;

    internal static async Task RunAsync()
    {
        var parent = Context.Background.WithCancel();
        var group = parent.Group(Limit);
        int running = 0, ran = 0;

        Task<int> CountAsync(Context ctx)
        {
            Scenario.Check(
                Interlocked.Increment(ref running) <= Limit, "No more tasks run at once than the limit.");
            Interlocked.Increment(ref ran);
            Interlocked.Decrement(ref running);
            return Task.FromResult(1);
        }

        Task Fail(Context ctx)
        {
            CountAsync(ctx);
            throw new InvalidOperationException("failure");
        }

        group.Go(Fail);
        Task<int>? given = null, next = null;
        Task? wait = null;
        var isStarted = false;

        await Scenario.Together(
            () =>
            {
                given = group.Run(CountAsync);
                next = group.Run(CountAsync);
            },
            () => isStarted = group.TryGo(Fail),
            () => wait = group.WaitAsync());

        // If a task or a wait never completes, this waits for ever, and Coyote reports a deadlock.
        Exception? thrown = null;
        try
        {
            await wait!;
        }
        catch (InvalidOperationException e)
        {
            thrown = e;
        }

        await group.DisposeAsync();
        var cause = group.Context.Cause;
        Scenario.Check(
            thrown is not null && ReferenceEquals(thrown, cause), "A wait throws the cause.");
        var failures = 1 + (isStarted ? 1 : 0);
        var (started, ranThen) = (failures, ran);
        Scenario.Check(running == 0, "After the disposal, no task runs.");
        foreach (var result in (Task<int>[])[given!, next!])
        {
            try
            {
                started += await result;
            }
            catch (ContextCanceledException e)
            {
                Scenario.Check(
                    ReferenceEquals(e.InnerException, cause),
                    "A dropped task ends with an exception that has the cause.");
            }
        }

        Scenario.Check(
            ranThen == started, "After the disposal, started tasks have run, and dropped tasks have not.");
        Scenario.Check(group.Failures.Count == failures, "A dropped task has not failed.");
        Scenario.Check(ReferenceEquals(group.Failures[0], cause), "The first failure is the cause.");
        Scenario.Check(parent.ChildCount == 0, "A group that was disposed hangs on no parent.");
    }
}
