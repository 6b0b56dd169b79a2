using BenchmarkDotNet.Attributes;

namespace Baton.Benchmarks;

/// <summary>Derives a child with a timeout that does not pass, and releases it.</summary>
[MemoryDiagnoser]
public class TimeoutBenchmarks
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource _source = new();
    private readonly CancelableContext _parent = Context.Background.WithCancel();

    [Benchmark(Baseline = true)]
    public bool LinkedTokenSource()
    {
        using var child = CancellationTokenSource.CreateLinkedTokenSource(_source.Token);
        child.CancelAfter(s_hour);
        return child.IsCancellationRequested;
    }

    [Benchmark]
    public bool WithTimeout()
    {
        using var child = _parent.WithTimeout(s_hour);
        return child.IsDone;
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _source.Dispose();
        _parent.Dispose();
    }
}
