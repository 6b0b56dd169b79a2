using Baton.Measuring;

namespace Baton.Overload;

/// <summary>How long to go on.</summary>
/// <param name="Manners">Which ways of writing the chain are measured.</param>
/// <param name="Load">How long each load lasts.</param>
/// <param name="Stall">How long the load lasts in the middle of which the last hop stalls.</param>
internal sealed record Effort(IReadOnlyList<Manner> Manners, TimeSpan Load, TimeSpan Stall)
{
    internal static Effort Full { get; } =
        new(Enum.GetValues<Manner>(), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));

    internal static Effort Quick { get; } =
        new([Manner.Timeouts, Manner.Baton], TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5));

    /// <summary>The loads, as parts of the capacity.</summary>
    internal static IReadOnlyList<double> Loads { get; } = [0.5, 1, 2, 4];

    /// <summary>
    /// The load under which the last hop stalls: what has piled up can still be worked off.
    /// </summary>
    internal const double StallLoad = 0.8;

    internal string Rule(bool isCpuBound) =>
        Bench.Text($"{Load.TotalSeconds} s a load, {Stall.TotalSeconds} s with a stall; ")
        + Bench.Text(
            $"work of {Times.Work(isCpuBound).TotalMilliseconds} ms{(isCpuBound ? " on a processor" : "")}, ")
        + Bench.Text($"{Times.Slots(isCpuBound)} at a time: {Times.Capacity(isCpuBound)} a second at most");
}
