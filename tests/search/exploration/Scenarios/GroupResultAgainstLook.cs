namespace Baton.Exploration.Scenarios;

/// <summary>
/// A task of a group fails while one thread looks at its result and another thread at the group's wait: if
/// the result has failed, the context is done; if the wait is over, the result is complete.
/// </summary>
internal static class GroupResultAgainstLook
{
    internal static async Task RunAsync()
    {
        var parent = Context.Background.WithCancel();
        var group = parent.Group();
        var completion = new TaskCompletionSource<int>();
        var failure = new InvalidOperationException("failure");
        var result = group.Run(_ => completion.Task);
        var wait = group.WaitAsync();

        await Scenario.Together(
            () => completion.SetException(failure),
            () => Scenario.Check(
                !result.IsCompleted || group.Context.IsDone, "The result has failed: the context is done."),
            () => Scenario.Check(
                !wait.IsCompleted || result.IsCompleted, "The wait is over: the result is complete."));

        try
        {
            await wait;
            Scenario.Check(false, "A wait throws.");
        }
        catch (InvalidOperationException e)
        {
            Scenario.Check(ReferenceEquals(e, failure), "A wait throws the failure.");
        }

        await group.DisposeAsync();
        Scenario.Check(ReferenceEquals(group.Context.Cause, failure), "The failure is the cause.");
    }
}
