using System.Runtime.CompilerServices;

namespace Baton.Tests;

/// <summary>What is still held, and what was allocated.</summary>
internal static class Memory
{
    /// <summary>Whether nothing holds the target any more.</summary>
    /// <remarks>
    /// Make it in a method of its own that is not inlined: a local of the test would hold it.
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
    /// The bytes that one run of <paramref name="act"/> allocates on this thread once warm.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static long Allocated(Action act)
    {
        for (var i = 0; i < 100; i++)
        {
            act();
        }

        // The least of some runs: the runtime may charge a thread for work of its own, never for less than
        // was asked.
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
