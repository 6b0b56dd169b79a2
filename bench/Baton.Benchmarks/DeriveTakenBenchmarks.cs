namespace Baton.Benchmarks;

/// <summary>The same with the token taken: both ways leave a canceled token.</summary>
[MemoryDiagnoser]
public class DeriveTakenBenchmarks
{
    private readonly LinkedSourceCanceled _linked = new();
    private readonly WithCancelTaken _child = new();

    [Benchmark(Baseline = true)]
    public int LinkedTokenSource() => _linked.Run();

    [Benchmark]
    public int WithCancel() => _child.Run();
}
