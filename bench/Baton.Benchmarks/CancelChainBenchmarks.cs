namespace Baton.Benchmarks;

/// <summary>Cancels a chain, each under the one before, from its top. It is built before each turn.</summary>
[MemoryDiagnoser]
public class CancelChainBenchmarks
{
    private readonly LinkedSourceChain _linked = new();
    private readonly ContextChain _contexts = new();

    [Params(10, 1_000)]
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
