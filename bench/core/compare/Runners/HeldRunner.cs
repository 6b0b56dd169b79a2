using System.Diagnostics;

using Baton.Acts;

namespace Baton.Compare;

/// <summary>How long it takes to make one of a million objects, and how much memory each holds.</summary>
internal sealed class HeldRunner(IHeld held) : Runner
{
    internal const int Million = 1_000_000;

    internal override void Warm()
    {
        for (var i = 0; i < CallsToTierUp; i++)
        {
            Release(held, Make(held, 10));
        }
    }

    internal override Sample Measure(int count)
    {
        var wall = Stopwatch.GetTimestamp();
        var made = new IDisposable[Million];
        Collect();
        var before = GC.GetTotalMemory(forceFullCollection: false);
        var start = Stopwatch.GetTimestamp();
        Fill(held, made);
        var elapsed = Since(start);
        Collect();
        var bytes = GC.GetTotalMemory(forceFullCollection: false) - before;
        Release(held, made);
        return new Sample(elapsed / Million, (double)bytes / Million, Reference: 0, Since(wall));
    }

    internal static IDisposable[] Make(IHeld held, int count)
    {
        var made = new IDisposable[count];
        Fill(held, made);
        return made;
    }

    internal static void Release(IHeld held, IDisposable[] made)
    {
        held.Release(made);
        Array.Clear(made);
    }

    private static void Fill(IHeld held, IDisposable[] made)
    {
        for (var i = 0; i < made.Length; i++)
        {
            made[i] = held.Make(i);
        }
    }
}
