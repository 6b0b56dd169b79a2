using System.Diagnostics;
using Baton.Dashboard;

namespace Baton.PageBench;

/// <summary>How long it takes to write the list of requests: once for all pages that are open.</summary>
internal static class Snapshot
{
    internal static Figure Measure(PageServer server, int count)
    {
        // The first ones are for the compiler.
        var session = server.Snapshots.Session;
        var times = new List<TimeSpan>();
        for (var i = -300; i < count; i++)
        {
            // A new one keeps nothing of the last.
            var snapshots = new Snapshots(session);
            var start = Stopwatch.GetTimestamp();
            _ = snapshots.Requests();
            if (i >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(start));
            }
        }

        return new Figure("to write one update", [.. times], "ms", TimeSpan.FromMilliseconds(250));
    }
}
