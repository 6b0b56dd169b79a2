using System.Runtime.CompilerServices;

namespace Baton.Acts;

/// <summary>
/// The least that a child could cost: one object of its size, and two locks, taken and released without
/// contention.
/// </summary>
/// <typeparam name="TBlock">What the object is filled with.</typeparam>
public readonly struct OneObjectAndTwoLocks<TBlock> : IOperation
    where TBlock : struct
{
    private readonly Lock _lock = new();

    public OneObjectAndTwoLocks()
    {
    }

    public int Run()
    {
        Made.Escape(new Sized());
        return _lock.Pass() + _lock.Pass();
    }

    private sealed class Sized
    {
#pragma warning disable CS0169, CS0649, IDE0051 // It only takes up room.
        private readonly TBlock _block;
#pragma warning restore CS0169, CS0649, IDE0051
    }

    private sealed class Lock
    {
        private int _state;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal int Pass()
        {
            var free = Interlocked.CompareExchange(ref _state, 1, 0);
            Volatile.Write(ref _state, 0);
            return free;
        }
    }
}

/// <summary>Makes the act above for an object as large as a child of the core is today.</summary>
public static class Machine
{
    /// <summary>The size of a child that can be canceled, header and all.</summary>
    public static int ChildSize { get; } = Measure();

    /// <summary>Calls <paramref name="use"/> with the act for that size.</summary>
    public static TResult ForChild<TResult>(IUse<TResult> use)
    {
        ArgumentNullException.ThrowIfNull(use);
        return ((ChildSize - 16) / 8) switch
        {
            5 => use.Take(new OneObjectAndTwoLocks<Words5>()),
            6 => use.Take(new OneObjectAndTwoLocks<Words6>()),
            7 => use.Take(new OneObjectAndTwoLocks<Words7>()),
            8 => use.Take(new OneObjectAndTwoLocks<Words8>()),
            9 => use.Take(new OneObjectAndTwoLocks<Words9>()),
            10 => use.Take(new OneObjectAndTwoLocks<Words10>()),
            var words =>
                throw new NotSupportedException($"Add a block of {words} words to {nameof(Machine)}."),
        };
    }

    /// <summary>Takes the act in whatever size it has.</summary>
    /// <typeparam name="TResult">What it is used for.</typeparam>
    public interface IUse<out TResult>
    {
        TResult Take<TOperation>(TOperation operation)
            where TOperation : struct, IOperation;
    }

    private static int Measure()
    {
        using var parent = Context.Background.WithCancel();
        parent.WithCancel().Dispose();
        var before = GC.GetAllocatedBytesForCurrentThread();
        parent.WithCancel().Dispose();
        return (int)(GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [InlineArray(5)]
    private struct Words5
    {
        private long _word;
    }

    [InlineArray(6)]
    private struct Words6
    {
        private long _word;
    }

    [InlineArray(7)]
    private struct Words7
    {
        private long _word;
    }

    [InlineArray(8)]
    private struct Words8
    {
        private long _word;
    }

    [InlineArray(9)]
    private struct Words9
    {
        private long _word;
    }

    [InlineArray(10)]
    private struct Words10
    {
        private long _word;
    }
}
