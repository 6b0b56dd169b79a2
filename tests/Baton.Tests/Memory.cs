using System.Runtime.CompilerServices;

namespace Baton.Tests;

/// <summary>Tells whether an object is still held, and how many bytes were allocated.</summary>
internal static class Memory
{
    /// <summary>Whether nothing refers to the target any more.</summary>
    /// <remarks>
    /// Make the target in a method of its own that is not inlined: a local of the test would refer to it.
    /// </remarks>
    internal static bool IsFree(WeakReference weak)
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return !weak.IsAlive;
    }

    /// <summary>
    /// The bytes that one run of <paramref name="act"/> allocates on this thread, after some runs.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static long Allocated(Action act)
    {
        for (var i = 0; i < 100; i++)
        {
            act();
        }

        // The smallest of several runs: the runtime may count allocations of its own for this thread, but
        // never fewer bytes than the code has asked for.
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            act();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    /// <summary>
    /// The bytes that an object like this one takes, header and all, without what it refers to.
    /// </summary>
    internal static long SizeOf(object like)
    {
        var type = like.GetType();
        return Allocated(() => RuntimeHelpers.GetUninitializedObject(type));
    }
}
