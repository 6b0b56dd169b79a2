using System.Diagnostics;
using System.Net.Sockets;

namespace Baton.Storm;

/// <summary>Clients that come at a steady rate for a while, each in a way of its own.</summary>
internal sealed class Wave(StormServer server, int seed, int perSecond)
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(10);

    private readonly int[] _counts = new int[Way.All.Count];
    private int _next;

    internal int Clients => _next;

    /// <summary>How many clients went each way.</summary>
    internal IEnumerable<(string Way, int Clients)> Counts =>
        Way.All.Zip(_counts, static (way, count) => (way.Name, count));

    /// <summary>Ends when the last one has left.</summary>
    internal async Task RunAsync(TimeSpan time)
    {
        var visits = new List<Task>();
        var first = _next;
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < time;)
        {
            for (var due = first + (int)(Stopwatch.GetElapsedTime(start).TotalSeconds * perSecond);
                _next < due;
                _next++)
            {
                visits.Add(VisitAsync(_next));
            }

            await Task.Delay(s_tick);
        }

        await Task.WhenAll(visits);
    }

    private async Task VisitAsync(int number)
    {
        var random = Choices.Of(seed, number);
        var index = random.Next(Way.All.Count);
        var way = Way.All[index];
        Interlocked.Increment(ref _counts[index]);
        using var visit = new Visit(way.Of(server), random);
        try
        {
            await visit.ConnectAsync();
            await way.GoAsync(visit);
        }
        catch (SocketException)
        {
            // The server may well be the first to close.
        }
    }
}
