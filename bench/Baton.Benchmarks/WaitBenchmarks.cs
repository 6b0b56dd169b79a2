namespace Baton.Benchmarks;

/// <summary>Waits for a task and for a cancellation, and one of them comes.</summary>
[MemoryDiagnoser]
public class WaitBenchmarks
{
    private const int Count = 1000;

    private readonly TaskWaitCompleted _taskCompleted = new();
    private readonly ContextWaitCompleted _ctxCompleted = new();
    private readonly TaskWaitCanceled _taskCanceled = new();
    private readonly ContextWaitCanceled _ctxCanceled = new();

    [Params(false, true)]
    public bool IsCanceled { get; set; }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public Task TaskWaitAsync() =>
        IsCanceled ? _taskCanceled.RunAsync(Count) : _taskCompleted.RunAsync(Count);

    [Benchmark(OperationsPerInvoke = Count)]
    public Task WaitAsync() => IsCanceled ? _ctxCanceled.RunAsync(Count) : _ctxCompleted.RunAsync(Count);
}
