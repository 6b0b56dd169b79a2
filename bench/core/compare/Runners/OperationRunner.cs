using System.Diagnostics;
using System.Runtime.CompilerServices;

using Baton.Acts;

namespace Baton.Compare;

/// <summary>A short act, repeated on one thread.</summary>
internal sealed class OperationRunner<TOperation>(TOperation operation) : Runner
    where TOperation : struct, IOperation
{
    private int _sum;

    internal override void Warm()
    {
        for (var i = 0; i < CallsToTierUp; i++)
        {
            _sum += Loop(operation, 200);
        }
    }

    internal override Sample Measure(int count)
    {
        Collect();
        _sum += Loop(operation, Math.Min(count, 200));
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        _sum += Loop(operation, count);
        var elapsed = Since(start);
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        return new Sample(elapsed / count, (double)bytes / count, Reference: 0, elapsed);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static int Loop(TOperation operation, int count)
    {
        var sum = 0;
        for (var i = 0; i < count; i++)
        {
            sum += operation.Run();
        }

        return sum;
    }
}
