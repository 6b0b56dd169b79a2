namespace Baton.Overload;

/// <summary>How long everything takes, and may.</summary>
internal static class Times
{
    /// <summary>How long the client waits.</summary>
    internal static TimeSpan Client { get; } = TimeSpan.FromMilliseconds(500);

    /// <summary>What a hop gives the next one where it knows nothing of its caller's time.</summary>
    internal static TimeSpan Hop { get; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// What a hop keeps for the way home. Under load all work begins as late as it may, so an answer that is
    /// slower on its way than this is too late.
    /// </summary>
    internal static TimeSpan Reserve { get; } = TimeSpan.FromMilliseconds(25);

    internal static TimeSpan Stall { get; } = TimeSpan.FromSeconds(1);

    internal static TimeSpan Work(bool isCpuBound) => TimeSpan.FromMilliseconds(isCpuBound ? 5 : 50);

    internal static int Slots(bool isCpuBound) => isCpuBound ? 1 : 10;

    /// <summary>Pieces of work a second, at most.</summary>
    internal static double Capacity(bool isCpuBound) => Slots(isCpuBound) / Work(isCpuBound).TotalSeconds;
}
