namespace Baton.Benchmarks;

/// <summary>Asks a live context whether it is done: what a loop does on every turn.</summary>
[MemoryDiagnoser]
public class IsDoneBenchmarks
{
    private readonly IsCancellationRequested _token = new();
    private readonly IsDone _ctx = new();

    [Benchmark(Baseline = true)]
    public int IsCancellationRequested() => _token.Run();

    [Benchmark]
    public int IsDone() => _ctx.Run();
}
