using System.Diagnostics;

using Baton.Acts;

namespace Baton.Compare;

/// <summary>An act on something large, timed without the building of it.</summary>
/// <param name="operation">The act.</param>
/// <param name="size">How large.</param>
/// <param name="isPerPart">Whether the figures are for one part of it; otherwise for the whole.</param>
/// <param name="reference">
/// The size of a smaller one, with whose parts each part is compared. Zero: there is none.
/// </param>
internal sealed class BuiltRunner(
    IBuiltOperation operation, int size, bool isPerPart = false, int reference = 0) : Runner
{
    private const int WarmSize = 200;
    private const int References = 3;

    /// <summary>
    /// From this size on, what was built is moved to an older generation first: a collection each time.
    /// </summary>
    private const int Large = 10_000;

    internal override void Warm()
    {
        for (var i = 0; i < CallsToTierUp; i++)
        {
            Time(Math.Min(size, WarmSize));
        }
    }

    internal override Sample Measure(int count)
    {
        Collect();
        var wall = Stopwatch.GetTimestamp();
        var small = 0.0;
        for (var i = 0; i < References && reference > 0; i++)
        {
            small += Time(reference).Nanoseconds / References / reference;
        }

        var (nanoseconds, bytes) = (0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            var slice = Time(size);
            nanoseconds += slice.Nanoseconds;
            bytes += slice.Bytes;
        }

        var parts = (double)count * (isPerPart ? size : 1);
        return new Sample(nanoseconds / parts, bytes / parts, small, Since(wall));
    }

    private (double Nanoseconds, double Bytes) Time(int built)
    {
        operation.Build(built);
        if (built >= Large)
        {
            // In an application, what is canceled has lived for a while.
            GC.Collect();
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        operation.Run();
        var elapsed = Since(start);
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        operation.Clear();
        return (elapsed, bytes);
    }
}
