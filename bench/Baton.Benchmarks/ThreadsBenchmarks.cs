namespace Baton.Benchmarks;

/// <summary>Two threads derive under one parent: the time is for one act of each.</summary>
[MemoryDiagnoser]
public class ThreadsBenchmarks
{
    private const int Count = 100_000;

    private readonly LinkedSource _linked = new();
    private readonly WithCancel _child = new();
    private readonly LinkedSourceAfter _linkedAfter = new();
    private readonly WithTimeout _timeout = new();

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void LinkedTokenSource() => Twice(_linked);

    [Benchmark(OperationsPerInvoke = Count)]
    public void WithCancel() => Twice(_child);

    [Benchmark(OperationsPerInvoke = Count)]
    public void LinkedTokenSourceAfter() => Twice(_linkedAfter);

    [Benchmark(OperationsPerInvoke = Count)]
    public void WithTimeout() => Twice(_timeout);

    private static void Twice<TOperation>(TOperation operation)
        where TOperation : struct, IOperation
    {
        var other = new Thread(() => Repeat(operation));
        other.Start();
        Repeat(operation);
        other.Join();
    }

    private static void Repeat<TOperation>(TOperation operation)
        where TOperation : struct, IOperation
    {
        for (var i = 0; i < Count; i++)
        {
            operation.Run();
        }
    }
}
