namespace Baton.Benchmarks;

/// <summary>What the machine needs for a child at least, and what a child costs.</summary>
[MemoryDiagnoser]
public class MachineBenchmarks : Machine.IUse<Func<int>>
{
    private const int Count = 1000;

    private readonly WithCancel _child = new();
    private readonly Func<int> _least;

    public MachineBenchmarks() => _least = Machine.ForChild(this);

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public int OneObjectAndTwoLocks() => _least();

    [Benchmark(OperationsPerInvoke = Count)]
    public int WithCancel() => Repeat(_child);

    public Func<int> Take<TOperation>(TOperation operation)
        where TOperation : struct, IOperation => () => Repeat(operation);

    private static int Repeat<TOperation>(TOperation operation)
        where TOperation : struct, IOperation
    {
        var sum = 0;
        for (var i = 0; i < Count; i++)
        {
            sum += operation.Run();
        }

        return sum;
    }
}
