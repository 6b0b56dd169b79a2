using BenchmarkDotNet.Attributes;

namespace Baton.Benchmarks;

/// <summary>Derives a child that can be canceled, and releases it: what every call with a budget of its own does.</summary>
[MemoryDiagnoser]
public class DeriveBenchmarks
{
    private readonly CancellationTokenSource _source = new();
    private readonly CancelableContext _parent = Context.Background.WithCancel();

    [Params(false, true)]
    public bool TakesToken { get; set; }

    [Benchmark(Baseline = true)]
    public bool LinkedTokenSource()
    {
        using var child = CancellationTokenSource.CreateLinkedTokenSource(_source.Token);
        var token = TakesToken ? child.Token : default;
        if (TakesToken)
        {
            child.Cancel();
        }

        return token.CanBeCanceled;
    }

    [Benchmark]
    public bool WithCancel()
    {
        using var child = _parent.WithCancel();
        var token = TakesToken ? child.Done : default;
        return token.CanBeCanceled;
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _source.Dispose();
        _parent.Dispose();
    }
}
