using System.Diagnostics;
using Baton.Dashboard;

namespace Baton.PageBench;

/// <summary>How long the page holds the locks that a request waits for when it begins, derives a context or ends.</summary>
internal static class Locks
{
    internal static IEnumerable<Figure> Measure(PageServer server, int rounds)
    {
        var limit = TimeSpan.FromMicroseconds(5);
        yield return new Figure("a lock on a part of the list of requests", Lists(server, rounds), "µs", limit);
        yield return new Figure("the lock on the contexts of all requests", Children(server, rounds), "µs", limit);
    }

    /// <summary>Each part of the list is copied under its own lock.</summary>
    private static TimeSpan[] Lists(PageServer server, int rounds)
    {
        var list = new List<LiveRequest>(20_000);
        var times = new List<TimeSpan>();
        for (var round = -20; round < rounds; round++)
        {
            for (var part = 0; part < LiveRequests.PartCount; part++)
            {
                list.Clear();
                var start = Stopwatch.GetTimestamp();
                server.Snapshots.Session.Requests.CopyTo(list, part);
                if (round >= 0)
                {
                    times.Add(Stopwatch.GetElapsedTime(start));
                }
            }
        }

        return [.. times];
    }

    /// <summary>The contexts are read a few at a time, each time under the lock: what one such time takes on average.</summary>
    private static TimeSpan[] Children(PageServer server, int rounds)
    {
        var list = new List<CancelableContext>(20_000);
        var times = new List<TimeSpan>();
        for (var round = -20; round < rounds; round++)
        {
            list.Clear();
            var start = Stopwatch.GetTimestamp();
            var count = server.Root.ReadChildren(list, int.MaxValue);
            if (round >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(start) / Math.Max(1, count / CancelableContext.ReadAtOnce));
            }
        }

        return [.. times];
    }
}
