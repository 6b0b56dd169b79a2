namespace Baton.Exploration.Scenarios;

/// <summary>A context is merged as one of its parents ends: the other parent stays as it was.</summary>
internal static class MergingAgainstCancel
{
    internal static Task RunAsync() => RunAsync(Context.Background.WithCancel());

    /// <summary>The same, with parents whose callbacks hang on stripes.</summary>
    internal static Task RunOnStripesAsync()
    {
        var second = Context.Background.WithCancel();
        second.SpreadOut();
        return RunAsync(second);
    }

    private static async Task RunAsync(CancelableContext second)
    {
        var first = Context.Background.WithCancel();
        var token = second.Done;
        using var bystander = second.AfterFunc(static () => { });
        CancelableContext? merged = null;

        await Scenario.Together(() => first.Cancel(), () => merged = first.WithCancel(token));

        Scenario.Check(merged!.IsDone, "A child ends with its parent.");
        Scenario.Check(
            second.CallbackCount == 1, "A merge that has ended leaves nothing, and takes nothing along.");
        Scenario.Check(!second.IsDone, "Nothing ends upwards.");
    }
}
