using System.Diagnostics;

namespace Baton.Compare;

/// <summary>Measures one act in this process.</summary>
internal abstract class Runner
{
    /// <summary>How many calls bring a method to its last tier, and some to spare.</summary>
    protected const int CallsToTierUp = 40;

    /// <summary>
    /// Brings the code one tier further. The JIT needs some time between two calls of this.
    /// </summary>
    internal abstract void Warm();

    internal abstract Sample Measure(int count);

    protected static double Since(long timestamp) => Stopwatch.GetElapsedTime(timestamp).TotalNanoseconds;

    /// <summary>What was made before is in the oldest generation, and no garbage is inherited.</summary>
    protected static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
