namespace Baton.Benchmarks;

/// <summary>Derives a child with a timeout that does not pass, and releases it.</summary>
[MemoryDiagnoser]
public class TimeoutBenchmarks
{
    private readonly LinkedSourceAfter _linked = new();
    private readonly WithTimeout _child = new();

    [Benchmark(Baseline = true)]
    public int LinkedTokenSource() => _linked.Run();

    [Benchmark]
    public int WithTimeout() => _child.Run();
}
