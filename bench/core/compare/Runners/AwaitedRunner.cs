using System.Diagnostics;

using Baton.Acts;

namespace Baton.Compare;

/// <summary>
/// An act that is awaited repeatedly on a thread of the pool. The bytes of all threads count.
/// </summary>
internal sealed class AwaitedRunner(IAwaitedOperation operation) : Runner
{
    internal override void Warm()
    {
        for (var i = 0; i < CallsToTierUp; i++)
        {
            Run(10);
        }
    }

    internal override Sample Measure(int count)
    {
        Collect();
        Run(Math.Min(count, 10));
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        Run(count);
        var elapsed = Since(start);
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        return new Sample(elapsed / count, (double)bytes / count, Reference: 0, elapsed);
    }

    private void Run(int count) => Task.Run(() => operation.RunAsync(count)).GetAwaiter().GetResult();
}
