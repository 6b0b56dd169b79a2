namespace Baton.Exploration.Scenarios;

/// <summary>A deadline is queued as another one falls due: the new one fires at its own time.</summary>
internal static class InsertAgainstFire
{
    internal static async Task RunAsync()
    {
        var clock = new TestClock();
        var root = Context.Root(clock);
        var first = root.WithTimeout(TimeSpan.FromSeconds(1));
        CancelableContext? second = null;

        await Scenario.Together(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                Scenario.Check(first.IsDone, "Advance returns when all contexts that fell due are done.");
            },
            () => second = root.WithTimeout(TimeSpan.FromSeconds(1)));

        clock.Advance(TimeSpan.FromSeconds(1));
        Scenario.Check(
            second!.Err is DeadlineExceededException, "A deadline that has passed has ended its context.");
        Scenario.CheckNothingWaits(root);
    }
}
