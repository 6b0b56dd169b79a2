using System.Diagnostics.Metrics;

namespace Baton;

/// <summary>The meter of this package.</summary>
internal static class BatonMeter
{
    /// <summary>Named like the package, as everywhere in Baton.</summary>
    internal static Meter Instance { get; } = new("Baton");

    /// <summary>Boundaries for durations, those that OpenTelemetry gives for requests.</summary>
    internal static double[] Seconds { get; } =
        [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
}
