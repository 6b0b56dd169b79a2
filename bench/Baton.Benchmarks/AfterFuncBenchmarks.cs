namespace Baton.Benchmarks;

/// <summary>Registers a callback, and takes it back.</summary>
[MemoryDiagnoser]
public class AfterFuncBenchmarks
{
    private readonly UnsafeRegister _token = new();
    private readonly AfterFunc _ctx = new();

    [Benchmark(Baseline = true)]
    public int UnsafeRegister() => _token.Run();

    [Benchmark]
    public int AfterFunc() => _ctx.Run();
}
