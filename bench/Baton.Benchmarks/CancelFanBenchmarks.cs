namespace Baton.Benchmarks;

/// <summary>Cancels many children of one parent. It is built before each turn.</summary>
[MemoryDiagnoser]
public class CancelFanBenchmarks
{
    private readonly LinkedSourceFan _linked = new();
    private readonly ContextFan _contexts = new();

    [Params(1_000, 100_000, 1_000_000)]
    public int Size { get; set; }

    [IterationSetup]
    public void Build()
    {
        _linked.Build(Size);
        _contexts.Build(Size);
    }

    [Benchmark(Baseline = true)]
    public void LinkedTokenSources() => _linked.Run();

    [Benchmark]
    public void Contexts() => _contexts.Run();
}
