namespace Baton.Dashboard;

/// <summary>What became of the requests of one endpoint, since watching began.</summary>
internal sealed class EndpointTotals(string? method, string? route)
{
    private readonly Lock _lock = new();
    private readonly long[] _causes = new long[History.Causes.Length];
    private readonly long[] _used = new long[Durations.Count];
    private TimeSpan _work, _overrun, _longestOverrun;

    internal void Add(EndedRequest ended)
    {
        var bucket = Durations.BucketOf(ended.Used);
        lock (_lock)
        {
            _causes[ended.Cause]++;
            _used[bucket]++;
            _work += ended.Used;
            _overrun += ended.Overrun;
            if (ended.Overrun > _longestOverrun)
            {
                _longestOverrun = ended.Overrun;
            }
        }
    }

    internal EndpointView Read()
    {
        var used = new long[Durations.Count];
        var causes = new long[_causes.Length];
        TimeSpan work, overrun, longest;
        lock (_lock)
        {
            _used.CopyTo(used, 0);
            _causes.CopyTo(causes, 0);
            (work, overrun, longest) = (_work, _overrun, _longestOverrun);
        }

        return new EndpointView(
            method, route, causes, Durations.Quantile(used, 0.5), Durations.Quantile(used, 0.95), overrun, longest,
            work > TimeSpan.Zero ? Math.Clamp(overrun / work, 0, 1) : 0);
    }
}

/// <summary>What is shown of an endpoint.</summary>
/// <param name="Method">The method.</param>
/// <param name="Route">The pattern of the route; null for requests without one.</param>
/// <param name="Causes">How many requests, cause by cause.</param>
/// <param name="Median">The time that half of them took at most.</param>
/// <param name="P95">The time that 95 in 100 took at most.</param>
/// <param name="Overrun">How long all of them went on for nobody.</param>
/// <param name="LongestOverrun">How long one of them did at most.</param>
/// <param name="Wasted">The share of the time they took that was for nobody.</param>
internal sealed record EndpointView(
    string? Method, string? Route, long[] Causes, TimeSpan Median, TimeSpan P95, TimeSpan Overrun,
    TimeSpan LongestOverrun, double Wasted)
{
    internal long Count => Causes.Sum();
}

/// <summary>Durations from a tenth of a millisecond to half an hour, each bucket a quarter longer than the last.</summary>
internal static class Durations
{
    internal const int Count = 76;

    private const double Least = 0.1;
    private static readonly double s_step = Math.Log(1.25);

    internal static int BucketOf(TimeSpan time) => time.TotalMilliseconds is var ms && ms <= Least
        ? 0
        : Math.Min(Count - 1, (int)Math.Ceiling(Math.Log(ms / Least) / s_step));

    /// <summary>The upper end of the bucket that the quantile is in: at most a quarter too long.</summary>
    internal static TimeSpan Quantile(long[] buckets, double share)
    {
        var wanted = (long)Math.Ceiling(buckets.Sum() * share);
        for (var i = 0; i < Count && wanted > 0; i++)
        {
            wanted -= buckets[i];
            if (wanted <= 0)
            {
                return TimeSpan.FromMilliseconds(Least * Math.Exp(s_step * i));
            }
        }

        return TimeSpan.Zero;
    }
}
