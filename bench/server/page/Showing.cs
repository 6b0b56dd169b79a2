using System.Diagnostics;
using System.Text.Json;

namespace Baton.PageBench;

/// <summary>How soon an open page is told that one more request is in flight.</summary>
internal static class Showing
{
    internal static async Task<Figure[]> MeasureAsync(PageServer server, int count)
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var reader = new StreamReader(await http.GetStreamAsync(new Uri(server.Address, "/baton/events")));
        var (shown, _, _) = await NextAsync(reader);
        var (sent, times) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var i = 0; i < count; i++)
        {
            await server.AskAsync();
            var asked = Stopwatch.GetTimestamp();
            var wanted = shown + 1;
            var at = 0L;
            while (shown < wanted)
            {
                (shown, at, var sentFor) = await NextAsync(reader);
                sent.Add(sentFor);
            }

            times.Add(Stopwatch.GetElapsedTime(asked, at));
        }

        // An update is sent each quarter of a second. What begins just after one waits for the next.
        return
        [
            new("from what an update says to the page", [.. sent], "ms", TimeSpan.FromMilliseconds(250)),
            new("from a request's beginning, just after an update", [.. times], "ms", TimeSpan.FromMilliseconds(500)),
        ];
    }

    /// <summary>
    /// How many requests the next update says are in flight, when it came, and how long after what it says.
    /// </summary>
    private static async Task<(int InFlight, long At, TimeSpan SentFor)> NextAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } name)
        {
            var data = await reader.ReadLineAsync();
            var (at, now) = (Stopwatch.GetTimestamp(), TimeProvider.System.GetUtcNow());
            await reader.ReadLineAsync();
            if (name == "event: requests")
            {
                using var json = JsonDocument.Parse(data!["data: ".Length..]);
                return (
                    json.RootElement.GetProperty("inFlight").GetInt32(), at,
                    now - json.RootElement.GetProperty("at").GetDateTimeOffset());
            }
        }

        throw new InvalidOperationException("The page was closed.");
    }
}
