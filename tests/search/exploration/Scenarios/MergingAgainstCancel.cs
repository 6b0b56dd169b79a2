namespace Baton.Exploration.Scenarios;

/// <summary>A context is merged as one of its parents ends: the other one is left as it was.</summary>
internal static class MergingAgainstCancel
{
    internal static Task RunAsync() => RunAsync(Context.Background.WithCancel());

    /// <summary>The same where callbacks hang on stripes.</summary>
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
        Scenario.Check(second.CallbackCount == 1, "What has ended follows nobody, and takes nobody along.");
        Scenario.Check(!second.IsDone, "Nothing ends upwards.");
    }
}
