using System.Diagnostics;

using Baton.Acts;
using Baton.Measuring;

namespace Baton.Compare;

/// <summary>A short act while a million of something live; the reference is the same act with none.</summary>
internal sealed class AmidRunner<TOperation>(TOperation operation, IHeld held) : Runner
    where TOperation : struct, IOperation
{
    private const int Count = 100_000;
    private const int Laps = 3;

    internal override void Warm()
    {
        for (var i = 0; i < CallsToTierUp; i++)
        {
            OperationRunner<TOperation>.Loop(operation, 200);
        }
    }

    internal override Sample Measure(int count)
    {
        var wall = Stopwatch.GetTimestamp();
        var (alone, _) = Time();
        var made = HeldRunner.Make(held, HeldRunner.Million);
        var (amid, bytes) = Time();
        HeldRunner.Release(held, made);
        Collect();
        return new Sample(amid, bytes, alone, Since(wall));
    }

    private (double Nanoseconds, double Bytes) Time()
    {
        Collect();
        OperationRunner<TOperation>.Loop(operation, Count);
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var laps = new double[Laps];
        for (var i = 0; i < Laps; i++)
        {
            var start = Stopwatch.GetTimestamp();
            OperationRunner<TOperation>.Loop(operation, Count);
            laps[i] = Since(start) / Count;
        }

        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        return (Statistics.Of(laps).Median, (double)bytes / Laps / Count);
    }
}
