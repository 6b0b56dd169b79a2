namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>HTTP/2.</summary>
internal static class Http2Rows
{
    private const string Canceled = "canceled";
    private const string Left = "client disconnected";

    internal static readonly Row[] All = [
        Of("`GET`; the client resets the stream", Canceled, Canceled, Left, ResetAsync),
        Of("`POST`, body not read; the client resets the stream", Canceled, Canceled, Left, ResetUploadAsync),
        Of("another stream of that connection", "live, 200", "live, 200", "live, 200", OtherAsync),
        Of("the next stream of that connection", "live, 200", "live, 200", "live, 200", NextAsync),
        Of("two streams; the client closes the connection (FIN)", "canceled, canceled", "canceled, canceled",
            "client disconnected, client disconnected",
            client => { client.Close(); return Task.CompletedTask; }),
        Of("two streams; the client resets the connection (RST)", "canceled, canceled", "canceled, canceled",
            "client disconnected, client disconnected",
            client => { client.Reset(); return Task.CompletedTask; }),
        Of("two streams; the client closes its sending half of the connection only", "canceled, canceled",
            "canceled, canceled", "client disconnected, client disconnected",
            client => { client.HalfClose(); return Task.CompletedTask; }),
        Of("the client resets a stream with the bytes that ask for it", "run, canceled", "run, canceled",
            "run, client disconnected", ResetAtOnceAsync),
        Of("the client says `GOAWAY`", "live, 200", "live, 200", "live, 200", GoAwayAsync),
        Of("the handler returns, the body half sent", "canceled, 200", "live, 200", "request completed, 200",
            ReturnsEarlyAsync),
        Of("the handler throws", "canceled, reset with 2", "live, 500", "request completed, 500",
            ThrowsAsync) with
        {
            Kept = "Kestrel's: an answer says more than a reset.",
        },
        Of("the handler throws, half an answer sent", "canceled, 200, reset with 2",
            "canceled, 200, reset with 2", "request completed, 200, reset with 2", ThrowsHalfwayAsync),
    ];

    private static Row Of(
        string act, string go, string kestrel, string baton, Func<Stage, Task<string>> run) =>
        new(act, go, kestrel, baton, run) { Configure = Server.OverHttp2, Logs = "provoked" };

    private static Row Of(string act, string go, string kestrel, string baton, Func<Http2Wire, Task> leave) =>
        Of(act, go, kestrel, baton, async stage =>
        {
            var client = await ConnectAsync(stage);
            await client.GetAsync();
            var first = await stage.ArrivedAsync();
            await client.PostHalfAsync();
            var second = await stage.ArrivedAsync();
            await leave(client);
            return $"{await stage.FateAsync(first)}, {await stage.FateAsync(second)}";
        });

    private static async Task<string> ResetAsync(Stage stage)
    {
        var client = await ConnectAsync(stage);
        var stream = await client.GetAsync();
        var watched = await stage.ArrivedAsync();
        await client.CancelAsync(stream);
        return await stage.FateAsync(watched);
    }

    private static async Task<string> ResetUploadAsync(Stage stage)
    {
        var client = await ConnectAsync(stage);
        var stream = await client.PostHalfAsync();
        var watched = await stage.ArrivedAsync();
        await client.CancelAsync(stream);
        return await stage.FateAsync(watched);
    }

    private static async Task<string> OtherAsync(Stage stage)
    {
        var client = await ConnectAsync(stage);
        var stays = await client.GetAsync();
        var other = await stage.ArrivedAsync();
        var leaves = await client.GetAsync();
        var watched = await stage.ArrivedAsync();
        await client.CancelAsync(leaves);
        await WaitFor.Completion(watched.Ended);
        var fate = other.Fate;
        await other.ReturnAsync();
        return $"{fate}, {await client.ReadResponseAsync(stays)}";
    }

    private static async Task<string> NextAsync(Stage stage)
    {
        var client = await ConnectAsync(stage);
        var first = await client.GetAsync();
        var watched = await stage.ArrivedAsync();
        await client.CancelAsync(first);
        await WaitFor.Completion(watched.Ended);
        await watched.ReturnAsync();
        var second = await client.GetAsync();
        var next = await stage.ArrivedAsync();
        var fate = next.Fate;
        await next.ReturnAsync();
        return $"{fate}, {await client.ReadResponseAsync(second)}";
    }

    private static async Task<string> ResetAtOnceAsync(Stage stage)
    {
        var client = await ConnectAsync(stage);
        await client.GetAndCancelAsync();
        return $"run, {await stage.FateAsync(await stage.ArrivedAsync())}";
    }

    private static async Task<string> GoAwayAsync(Stage stage)
    {
        var client = await ConnectAsync(stage);
        var stream = await client.GetAsync();
        var watched = await stage.ArrivedAsync();
        await client.GoAwayAsync();
        await client.PingAsync();
        var fate = watched.Fate;
        await watched.ReturnAsync();
        return $"{fate}, {await client.ReadResponseAsync(stream)}";
    }

    private static async Task<string> ReturnsEarlyAsync(Stage stage)
    {
        var client = await ConnectAsync(stage);
        var stream = await client.PostHalfAsync();
        var watched = await stage.ArrivedAsync();
        await watched.ReturnAsync();
        var answer = await client.ReadResponseAsync(stream);
        return $"{watched.Fate}, {answer}";
    }

    private static async Task<string> ThrowsAsync(Stage stage)
    {
        var client = await ConnectAsync(stage);
        var stream = await client.GetAsync();
        var watched = await stage.ArrivedAsync();
        await watched.ReturnAsync(new InvalidOperationException("provoked"));
        var answer = await client.ReadResponseAsync(stream);
        return $"{watched.Fate}, {answer}";
    }

    private static async Task<string> ThrowsHalfwayAsync(Stage stage)
    {
        var client = await ConnectAsync(stage);
        var stream = await client.GetAsync();
        var watched = await stage.ArrivedAsync();
        await watched.DoAsync(Requests.AnswerHalfAsync);
        await watched.ReturnAsync(new InvalidOperationException("provoked"));
        var answer = await client.ReadResponseAsync(stream);
        return $"{await stage.FateAsync(watched)}, {answer}";
    }

    private static async Task<Http2Wire> ConnectAsync(Stage stage) =>
        await Http2Wire.ConnectAsync(await stage.ConnectAsync());
}
