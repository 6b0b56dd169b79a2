namespace Baton.Storm;

/// <summary>The ways over HTTP/1.1. Each ends with the client leaving, by FIN or RST.</summary>
internal static class Http1Ways
{
    private const string Host = "HTTP/1.1\r\nHost: localhost\r\n";

    internal static IEnumerable<Way> All =>
    [
        Way("says nothing", static visit => visit.PassTimeAsync()),
        Way("half a request line", static visit => SendThenLeaveAsync(visit, "GET /wa")),
        Way("half of the headers", static visit =>
            SendThenLeaveAsync(visit, $"GET {visit.Path} {Host}X-Some: th")),
        Way("a whole request", static visit => SendThenLeaveAsync(visit, Get(visit.Path))),
        Way("a whole request, half-closed", HalfCloseAsync),
        Way("part of an answer", ReadSomeAsync),
        Way("nothing of a large answer", static visit => SendThenLeaveAsync(visit, Get("/large"))),
        Way("a body that nobody reads", static visit =>
            SendThenLeaveAsync(visit, Post("/wait", 5000) + new string('x', 5000))),
        Way("a whole body", static visit =>
            SendThenLeaveAsync(visit, Post("/read", 5000) + new string('x', 5000))),
        Way("part of a body", static visit => SendThenLeaveAsync(
            visit, Post(visit.BodyPath, 100_000) + new string('x', visit.Random.Next(90_000)))),
        Way("whole chunks", static visit =>
            SendThenLeaveAsync(visit, Chunked(visit.BodyPath) + "5\r\nhello\r\n0\r\n\r\n")),
        Way("chunks without an end", static visit =>
            SendThenLeaveAsync(visit, Chunked(visit.BodyPath) + "5\r\nhello\r\n5\r\nhe")),
        Way("broken chunks", static visit =>
            SendThenLeaveAsync(visit, Chunked(visit.BodyPath) + "zz\r\nhello\r\n")),
        Way("expects 100-continue", static visit => SendThenLeaveAsync(
            visit, $"POST {visit.BodyPath} {Host}Content-Length: 10\r\nExpect: 100-continue\r\n\r\n")),
        Way("pipelines", static visit =>
            SendThenLeaveAsync(visit, Get("/good") + Get(visit.Path) + Get("/good"))),
        Way("stays for a second request", KeepAliveAsync),
        Way("a web socket", WebSocketAsync),
        Way("no HTTP at all", GarbageAsync),
    ];

    internal static string Get(string path) => $"GET {path} {Host}\r\n";

    private static string Post(string path, int length) =>
        $"POST {path} {Host}Content-Length: {length}\r\n\r\n";

    private static string Chunked(string path) => $"POST {path} {Host}Transfer-Encoding: chunked\r\n\r\n";

    private static Way Way(string name, Func<Visit, Task> goAsync) => new(name, IsHttp2: false, goAsync);

    private static async Task SendThenLeaveAsync(Visit visit, string text)
    {
        await visit.SendAsync(text);
        await visit.PassTimeAsync();
    }

    private static async Task HalfCloseAsync(Visit visit)
    {
        await visit.SendAsync(Get(visit.Path));
        visit.HalfClose();
        await visit.PassTimeAsync();
    }

    private static async Task ReadSomeAsync(Visit visit)
    {
        await visit.SendAsync(Get(visit.Random.Next(2) == 0 ? "/stream" : "/large"));
        await visit.ReadAsync(visit.Random.Next(1, 20_000));
    }

    private static async Task KeepAliveAsync(Visit visit)
    {
        await visit.SendAsync(Get("/good"));
        await visit.ReadAsync(100);
        await SendThenLeaveAsync(visit, Get(visit.Path));
    }

    private static async Task WebSocketAsync(Visit visit)
    {
        await visit.SendAsync(
            $"GET /socket {Host}Connection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
        await visit.ReadAsync(50);

        // A frame of text that says it has ten bytes, masked, and has three.
        byte[] part = [0x81, 0x8A, 1, 2, 3, 4, 5, 6, 7];
        await visit.SendAsync(part);
        await visit.PassTimeAsync();
    }

    private static async Task GarbageAsync(Visit visit)
    {
        var bytes = new byte[visit.Random.Next(1, 2000)];
        visit.Random.NextBytes(bytes);
        await visit.SendAsync(bytes);
        await visit.PassTimeAsync();
    }
}
