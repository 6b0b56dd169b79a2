namespace Baton.Storm;

/// <summary>The ways over HTTP/2, without TLS. Each ends with the client leaving, by FIN or RST.</summary>
internal static class Http2Ways
{
    private const int MostStreams = 8;

    internal static IEnumerable<Way> All =>
    [
        Way("a preface and nothing more", static visit => visit.PassTimeAsync()),
        Way("streams that are reset", ResetAsync),
        Way("streams that are reset at once", ResetAtOnceAsync),
        Way("streams on a connection that breaks", CloseAsync),
        Way("part of a body, reset", BodyAsync),
        Way("goes away", GoAwayAsync),
        Way("half a frame", HalfAFrameAsync),
    ];

    private static Way Way(string name, Func<Visit, Task> goAsync) =>
        new($"h2: {name}", IsHttp2: true, async visit =>
        {
            await visit.SendAsync(Http2Frames.Preface);
            await visit.SendAsync(Http2Frames.SettingsAck);
            await goAsync(visit);
        });

    private static int[] Streams(Visit visit) =>
        [.. Enumerable.Range(0, visit.Random.Next(1, MostStreams + 1)).Select(static i => (2 * i) + 1)];

    private static async Task ResetAsync(Visit visit)
    {
        var streams = Streams(visit);
        await OpenAsync(visit, streams);
        foreach (var stream in streams)
        {
            await visit.PassTimeAsync();
            await visit.SendAsync(Http2Frames.Reset(stream));
        }
    }

    private static async Task ResetAtOnceAsync(Visit visit)
    {
        foreach (var stream in Streams(visit))
        {
            byte[] both =
            [
                .. Http2Frames.Headers(stream, visit.Path, hasBody: false), .. Http2Frames.Reset(stream),
            ];
            await visit.SendAsync(both);
        }

        await visit.PassTimeAsync();
    }

    private static async Task CloseAsync(Visit visit)
    {
        await OpenAsync(visit, Streams(visit));
        await visit.PassTimeAsync();
    }

    private static async Task BodyAsync(Visit visit)
    {
        foreach (var stream in Streams(visit))
        {
            await visit.SendAsync(Http2Frames.Headers(stream, visit.BodyPath, hasBody: true));
            await visit.SendAsync(Http2Frames.Body(stream, visit.Random.Next(2000)));
        }

        await visit.PassTimeAsync();
        await visit.SendAsync(Http2Frames.Reset(1));
        await visit.PassTimeAsync();
    }

    private static async Task GoAwayAsync(Visit visit)
    {
        await OpenAsync(visit, Streams(visit));
        await visit.SendAsync(Http2Frames.GoAway);
        await visit.PassTimeAsync();
    }

    private static async Task HalfAFrameAsync(Visit visit)
    {
        await OpenAsync(visit, Streams(visit));
        var headers = Http2Frames.Headers(99, visit.Path, hasBody: false);
        await visit.SendAsync(headers.AsMemory(0, visit.Random.Next(1, headers.Length)));
        await visit.PassTimeAsync();
    }

    private static async Task OpenAsync(Visit visit, int[] streams)
    {
        foreach (var stream in streams)
        {
            await visit.SendAsync(Http2Frames.Headers(stream, visit.Path, hasBody: false));
        }
    }
}
