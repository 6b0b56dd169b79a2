namespace Baton.Benchmarks;

/// <summary>Waits for an hour or a cancellation, and is canceled.</summary>
[MemoryDiagnoser]
public class SelectBenchmarks
{
    private const int Count = 1000;

    private readonly WhenAnyOfTwo _tasks = new();
    private readonly SelectOfTwo _select = new();

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public Task WhenAny() => _tasks.RunAsync(Count);

    [Benchmark(OperationsPerInvoke = Count)]
    public Task Select() => _select.RunAsync(Count);
}
