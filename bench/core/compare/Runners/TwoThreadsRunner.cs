using System.Diagnostics;

using Baton.Acts;

namespace Baton.Compare;

/// <summary>A short act, repeated on two threads at once, on the same parent.</summary>
/// <remarks>The time is from the start of the first to the end of the second, for one act of each.</remarks>
internal sealed class TwoThreadsRunner<TOperation>(TOperation operation) : Runner
    where TOperation : struct, IOperation
{
    private const int Threads = 2;

    private int _sum;

    internal override void Warm()
    {
        for (var i = 0; i < CallsToTierUp; i++)
        {
            _sum += OperationRunner<TOperation>.Loop(operation, 200);
        }

        Measure(1000);
    }

    internal override Sample Measure(int count)
    {
        Collect();
        var starts = new long[Threads];
        var ends = new long[Threads];
        var bytes = new long[Threads];
        var waiting = Threads;
        var threads = Enumerable.Range(0, Threads).Select(index => new Thread(() => Run(index))).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        var elapsed = Stopwatch.GetElapsedTime(starts.Min(), ends.Max()).TotalNanoseconds;
        return new Sample(elapsed / count, (double)bytes.Sum() / Threads / count, Reference: 0, elapsed);

        void Run(int index)
        {
            var sum = OperationRunner<TOperation>.Loop(operation, Math.Min(count, 200));
            Interlocked.Decrement(ref waiting);
            while (Volatile.Read(ref waiting) > 0)
            {
                // Spins, so that both begin at the same instant, and yields if another program needs the
                // core.
                Thread.Yield();
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            starts[index] = Stopwatch.GetTimestamp();
            sum += OperationRunner<TOperation>.Loop(operation, count);
            ends[index] = Stopwatch.GetTimestamp();
            bytes[index] = GC.GetAllocatedBytesForCurrentThread() - before;
            Interlocked.Add(ref _sum, sum);
        }
    }
}
