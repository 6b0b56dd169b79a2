namespace Baton.Exploration.Scenarios;

/// <summary>
/// A delay passes as its context is canceled: its task completes once, by one or the other.
/// </summary>
internal static class DelayAgainstCancel
{
    internal static async Task RunAsync()
    {
        var clock = new TestClock();
        var root = Context.Root(clock);
        var ctx = root.WithCancel();
        var delay = ctx.Delay(TimeSpan.FromSeconds(1));

        await Scenario.Together(() => clock.Advance(TimeSpan.FromSeconds(1)), ctx.Cancel);

        try
        {
            // If the delay is never woken, this waits for ever, and Coyote reports a deadlock.
            await delay;
        }
        catch (ContextCanceledException)
        {
            Scenario.Check(ctx.IsDone, "Only the context's end breaks a delay off.");
        }

        Scenario.CheckNothingWaits(root);
        Scenario.CheckNothingHangsOn(ctx);
    }
}
