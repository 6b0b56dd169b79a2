using System.Globalization;

namespace Baton.ServerBench;

/// <summary>
/// Serves two applications in a process of its own, each over one connection in memory, and says how long a
/// request takes: for a line with a number of requests, the nanoseconds of one on either.
/// </summary>
internal static class MemoryWorker
{
    internal const string Flag = "--in-memory";

    /// <summary>For the compiler, which looks at what is hot in the background.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    internal static async Task RunAsync(Kind first, Kind second, string path)
    {
        var a = await StartAsync(first, path);
        var b = await StartAsync(second, path);
        for (var isTurned = false; Console.ReadLine() is { } line; isTurned = !isTurned)
        {
            var requests = int.Parse(line, CultureInfo.InvariantCulture);
            var (outer, inner) = isTurned ? (b, a) : (a, b);
            var before = await outer.AskAsync(requests);
            var between = await inner.AskAsync(requests) + await inner.AskAsync(requests);
            var around = before + await outer.AskAsync(requests);
            var (ofA, ofB) = isTurned ? (between, around) : (around, between);
            Console.WriteLine(FormattableString.Invariant(
                $"{ofA.TotalNanoseconds / 2 / requests} {ofB.TotalNanoseconds / 2 / requests}"));
            await Task.Delay(s_pause);
        }

        Environment.Exit(0);
    }

    private static async Task<MemoryClient> StartAsync(Kind kind, string path)
    {
        var transport = new MemoryTransport();
        await Apps.Build(kind, new Probe(), transport).StartAsync();
        return new MemoryClient(transport.Connect(), path);
    }
}
