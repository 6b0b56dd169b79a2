namespace Baton.Benchmarks;

/// <summary>
/// Derives a child that can be canceled, and releases it: what every call with a budget of its own does.
/// </summary>
[MemoryDiagnoser]
public class DeriveBenchmarks
{
    private readonly LinkedSource _linked = new();
    private readonly WithCancel _child = new();

    [Benchmark(Baseline = true)]
    public int LinkedTokenSource() => _linked.Run();

    [Benchmark]
    public int WithCancel() => _child.Run();
}
