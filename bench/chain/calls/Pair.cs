using System.Diagnostics;

namespace Baton.Calls;

/// <summary>
/// The same call made in two ways, measured in short turns, so that what else the machine does befalls both.
/// </summary>
internal sealed class Pair(string name, Kind bare, Kind baton) : IDisposable
{
    internal async Task<CallComparison> MeasureAsync(int rounds, int calls)
    {
        // Until all of it is compiled for good.
        for (var i = 0; i < 20; i++)
        {
            await bare.RunAsync(500);
            await baton.RunAsync(500);
        }

        var found = new CallComparison(name);
        for (var i = 0; i < rounds; i++)
        {
            // One, the other, the other, the one: what drifts within a round befalls both alike.
            var (outer, inner) = i % 2 == 0 ? (bare, baton) : (baton, bare);
            var first = await RunAsync(outer, calls);
            var others = await RunAsync(inner, calls) + await RunAsync(inner, calls);
            var ones = first + await RunAsync(outer, calls);
            found.Add(outer == bare ? ones : others, outer == bare ? others : ones);
        }

        return found;
    }

    public void Dispose()
    {
        bare.Dispose();
        baton.Dispose();
    }

    private static async Task<Cost> RunAsync(Kind kind, int calls)
    {
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var processor = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        await kind.RunAsync(calls);
        var elapsed = Stopwatch.GetElapsedTime(start);
        return new Cost(
            calls,
            elapsed.TotalSeconds,
            (Environment.CpuUsage.TotalTime - processor).TotalSeconds,
            GC.GetTotalAllocatedBytes(precise: true) - bytes);
    }
}
