namespace Baton.Benchmarks;

/// <summary>Makes and holds many at once: the bytes are what each holds.</summary>
[MemoryDiagnoser]
public class HoldBenchmarks
{
    private const int Count = 100_000;

    private readonly IDisposable[] _made = new IDisposable[Count];

    [Params(false, true)]
    public bool HasDeadline { get; set; }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Sources() => Hold(HasDeadline ? new HeldSources() : new HeldLinkedSources());

    [Benchmark(OperationsPerInvoke = Count)]
    public void Contexts() => Hold(HasDeadline ? new HeldTimeouts() : new HeldChildren());

    private void Hold(IHeld held)
    {
        for (var i = 0; i < Count; i++)
        {
            _made[i] = held.Make(i);
        }

        held.Release(_made);
    }
}
