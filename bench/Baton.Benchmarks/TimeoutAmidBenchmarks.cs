namespace Baton.Benchmarks;

/// <summary>One more timeout, while many others live.</summary>
[MemoryDiagnoser]
public class TimeoutAmidBenchmarks
{
    private readonly LinkedSourceAfter _linked = new();
    private readonly WithTimeout _child = new();
    private IHeld _held = new HeldSources();
    private IDisposable[] _made = [];

    [Params(0, 1_000_000)]
    public int Live { get; set; }

    [GlobalSetup(Target = nameof(LinkedTokenSource))]
    public void HoldSources() => Hold(new HeldSources());

    [GlobalSetup(Target = nameof(WithTimeout))]
    public void HoldTimeouts() => Hold(new HeldTimeouts());

    [Benchmark(Baseline = true)]
    public int LinkedTokenSource() => _linked.Run();

    [Benchmark]
    public int WithTimeout() => _child.Run();

    [GlobalCleanup]
    public void Cleanup() => _held.Release(_made);

    private void Hold(IHeld held)
    {
        _held = held;
        _made = [.. Enumerable.Range(0, Live).Select(held.Make)];
    }
}
