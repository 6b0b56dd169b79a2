namespace Baton.Benchmarks;

/// <summary>The same with the token taken: both ways leave a canceled token.</summary>
[MemoryDiagnoser]
public class TimeoutTakenBenchmarks
{
    private readonly LinkedSourceAfterCanceled _linked = new();
    private readonly WithTimeoutTaken _child = new();

    [Benchmark(Baseline = true)]
    public int LinkedTokenSource() => _linked.Run();

    [Benchmark]
    public int WithTimeout() => _child.Run();
}
