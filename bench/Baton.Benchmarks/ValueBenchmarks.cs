using BenchmarkDotNet.Attributes;

namespace Baton.Benchmarks;

/// <summary>Looks a value up in a chain of values.</summary>
[MemoryDiagnoser]
public class ValueBenchmarks
{
    private static readonly ContextKey<int> s_missing = new("missing");
    private static readonly ContextKey<int> s_first = new("first");

    private Context _ctx = Context.Background;

    [Params(1, 10, 50)]
    public int Depth { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _ctx = Context.Background.WithValue(s_first, 1);
        for (var i = 1; i < Depth; i++)
        {
            _ctx = _ctx.WithValue(new ContextKey<int>($"key {i}"), i);
        }
    }

    [Benchmark(Baseline = true)]
    public int Found() => _ctx.Value(s_first);

    [Benchmark]
    public int Missing() => _ctx.Value(s_missing);
}
