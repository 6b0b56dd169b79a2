namespace Baton.Benchmarks;

/// <summary>Looks a value up in a chain of values, each with a key of its own.</summary>
[MemoryDiagnoser]
public class ValueBenchmarks
{
    private ValueFound _found = new();
    private ValueMissing _missing = new();

    [Params(1, 10, 100)]
    public int Depth { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _found = new ValueFound(Depth);
        _missing = new ValueMissing(Depth);
    }

    [Benchmark(Baseline = true)]
    public int Found() => _found.Run();

    [Benchmark]
    public int Missing() => _missing.Run();
}
