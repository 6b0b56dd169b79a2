namespace Baton.Exploration.Scenarios;

/// <summary>
/// A registration is stopped as its context ends: either Stop returns true, or the callback runs.
/// </summary>
internal static class StopAgainstFire
{
    internal static async Task RunAsync()
    {
        var ctx = Context.Background.WithCancel();
        var function = new CountedFunction();
        var registration = ctx.AfterFunc(function.Run);
        var stopped = false;

        await Scenario.Together(ctx.Cancel, () => stopped = registration.Stop());

        await function.CheckStoppedOrRunAsync(stopped);
        Scenario.Check(!registration.Stop(), "Only one call stops.");
    }
}
