namespace Baton.Benchmarks;

/// <summary>Makes a thousand delays that stay pending.</summary>
[MemoryDiagnoser]
public class DelayPendingBenchmarks
{
    private const int Count = 1000;

    private readonly TaskDelaysPending _tasks = new();
    private readonly ContextDelaysPending _contexts = new();

    [IterationSetup]
    public void Build()
    {
        _tasks.Build(Count);
        _contexts.Build(Count);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void TaskDelay() => _tasks.Run();

    [Benchmark(OperationsPerInvoke = Count)]
    public void Delay() => _contexts.Run();

    [IterationCleanup]
    public void Clear()
    {
        _tasks.Clear();
        _contexts.Clear();
    }
}
