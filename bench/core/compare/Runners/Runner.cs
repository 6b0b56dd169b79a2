using System.Diagnostics;

namespace Baton.Compare;

/// <summary>Measures one act in this process.</summary>
internal abstract class Runner
{
    /// <summary>More calls than a method needs to reach its last tier.</summary>
    protected const int CallsToTierUp = 40;

    /// <summary>
    /// Brings the code one tier further. The JIT needs some time between two calls of this.
    /// </summary>
    internal abstract void Warm();

    internal abstract Sample Measure(int count);

    protected static double Since(long timestamp) => Stopwatch.GetElapsedTime(timestamp).TotalNanoseconds;

    /// <summary>Moves what was made before to the oldest generation, and collects all garbage.</summary>
    protected static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
