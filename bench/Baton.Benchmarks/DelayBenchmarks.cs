namespace Baton.Benchmarks;

/// <summary>A delay that is canceled and awaited.</summary>
[MemoryDiagnoser]
public class DelayBenchmarks
{
    private const int Count = 1000;

    private readonly TaskDelayCanceled _task = new();
    private readonly ContextDelayCanceled _ctx = new();

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public Task TaskDelay() => _task.RunAsync(Count);

    [Benchmark(OperationsPerInvoke = Count)]
    public Task Delay() => _ctx.RunAsync(Count);
}
