using System.Diagnostics;

namespace Baton.Calls;

/// <summary>The same call made in two ways, measured in turns, so that what else the machine does befalls both.</summary>
internal sealed class Pair(string name, Kind bare, Kind baton) : IDisposable
{
    internal async Task<string> MeasureAsync(int rounds, int calls)
    {
        await bare.RunAsync(calls);
        await baton.RunAsync(calls);
        var found = new (double Bare, double Baton)[rounds];
        var (bareBytes, batonBytes) = (double.MaxValue, double.MaxValue);
        for (var i = 0; i < rounds; i++)
        {
            // Each goes first every other time.
            var first = await RunAsync(i % 2 == 0 ? bare : baton, calls);
            var second = await RunAsync(i % 2 == 0 ? baton : bare, calls);
            var (one, other) = i % 2 == 0 ? (first, second) : (second, first);
            found[i] = (one.Rate, other.Rate);
            (bareBytes, batonBytes) = (Math.Min(bareBytes, one.Bytes), Math.Min(batonBytes, other.Bytes));
        }

        var ratio = Median(found.Select(static each => each.Baton / each.Bare));
        return $"{name,-34}{Median(found.Select(static each => each.Bare)),8:F0}/s{Median(found.Select(static each => each.Baton)),8:F0}/s"
            + $"{ratio,8:F3}{bareBytes,7:F0} B{batonBytes,7:F0} B{batonBytes - bareBytes,6:F0} B";
    }

    public void Dispose()
    {
        bare.Dispose();
        baton.Dispose();
    }

    private static async Task<(double Rate, double Bytes)> RunAsync(Kind kind, int calls)
    {
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        await kind.RunAsync(calls);
        var elapsed = Stopwatch.GetElapsedTime(start);
        return (calls / elapsed.TotalSeconds, (double)(GC.GetTotalAllocatedBytes(precise: true) - bytes) / calls);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
