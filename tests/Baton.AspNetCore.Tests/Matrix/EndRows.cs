using Microsoft.AspNetCore.Http.Features;
using static Baton.AspNetCore.Tests.Matrix.Requests;

namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>HTTP/1.1: the handler ends, and what the next request of the connection finds.</summary>
internal static class EndRows
{
    private const string GoNext = "canceled, 200; the next is live, 200";
    private const string Ours = "request completed, 200; the next is live, 200";
    private const string Over = "Go's: what was left behind is to see that the request is over.";
    private const string Next = "live, 200; the next is live, 200";

    internal static readonly Row[] All = [
        new("the handler returns", GoNext, Next, Ours, Returns(Get)) { Kept = Over },
        new("… a `POST` whose body nobody read", GoNext, Next, Ours, Returns(Post + Body)),
        new("… half of whose body the handler read", GoNext, Next, Ours,
            Returns(Post + Body, static http => ReadAsync(http, 5))),
        new("… all of whose body the handler read", GoNext, Next, Ours,
            Returns(Post + Body, static http => ReadAsync(http, 10))),
        new("… a chunked `POST` whose body nobody read", GoNext, Next, Ours,
            Returns(ChunkedPost)),
        new("… a `POST` with `Expect: 100-continue` that nobody read, and whose body comes then",
            "canceled, 200; connection closed", Next, Ours, ExpectsAsync)
        {
            Kept = "Kestrel's: the connection can be used again.",
        },
        new("… with the next request sent ahead", GoNext, Next, Ours, SentAheadAsync),
        new("… with an answer that the client has not read", "canceled, the answer is whole",
            "live, the answer is whole", "request completed, the answer is whole", BuffersAsync)
        {
            Kept = "Neither: the context has ended before the answer is flushed, as Go's; nothing that "
                + "sends it follows it.",
        },
        new("the handler throws", "canceled, connection closed", "live, 500; the next is live, 200",
            "request completed, 500; the next is live, 200", ThrowsAsync)
        {
            Kept = "Kestrel's: an answer says more than a closed connection.",
            Logs = "provoked",
        },
        new("the handler throws, half an answer sent", "canceled, connection closed",
            "live, connection closed", "request completed, connection closed",
            ThrowsHalfwayAsync) { Kept = Over, Logs = "provoked" },
        new("the handler aborts (`Abort()`, Go's `ErrAbortHandler`)", "canceled, connection closed",
            "canceled, connection closed", "request aborted by the application, connection closed",
            AbortsAsync),
        new("upgraded; the handler returns", "live, then canceled", "live, then live",
            "live, then request completed", UpgradedAsync) { Kept = Over },
        new("upgraded; 100 KiB that came with the request are read", "live", "live", "live",
            UpgradedReadsAsync),
        new("the client closes its sending half before it asks", "closed, nothing sent",
            "closed, nothing sent", "closed, nothing sent", NothingAskedAsync),
        new("2,000 requests on each of 5 connections, sent ahead, no answer read", "all run, live",
            "all run, live", "all run, live", FloodAsync),
    ];

    /// <summary>The client asks, the handler does something and returns, the client asks again.</summary>
    private static Func<Stage, Task<string>> Returns(
        string request, Func<HttpContext, Task>? handler = null) =>
        async stage =>
        {
            var (client, watched) = await stage.AskAsync(request);
            if (handler is not null)
            {
                await watched.DoAsync(handler);
            }

            await watched.ReturnAsync();
            var status = await client.ReadStatusAsync();
            return $"{watched.Fate}, {status}; {await AskAgainAsync(stage, client)}";
        };

    private static async Task<string> ExpectsAsync(Stage stage)
    {
        var (client, watched) = await stage.AskAsync(ExpectingPost);
        await watched.ReturnAsync();
        var status = await client.ReadStatusAsync();
        await client.SendAsync(Body);
        return $"{watched.Fate}, {status}; {await AskAgainAsync(stage, client)}";
    }

    private static async Task<string> SentAheadAsync(Stage stage)
    {
        var (client, watched) = await stage.AskAsync(Get + Get);
        await watched.ReturnAsync();
        var status = await client.ReadStatusAsync();
        var next = await stage.ArrivedAsync();
        var fate = next.Fate;
        await next.ReturnAsync();
        return $"{watched.Fate}, {status}; the next is {fate}, {await client.ReadStatusAsync()}";
    }

    private static async Task<string> BuffersAsync(Stage stage)
    {
        const int Length = 60_000;
        var (client, watched) = await stage.AskAsync(Get);
        await watched.DoAsync(static async http =>
        {
            http.Response.ContentLength = Length;
            await http.Response.Body.WriteAsync(new byte[Length]);
        });
        await watched.ReturnAsync();
        var fate = await stage.FateAsync(watched);
        return $"{fate}, {(await client.ReadStatusAsync() == 200 ? "the answer is whole" : "cut")}";
    }

    private static async Task<string> ThrowsAsync(Stage stage)
    {
        var (client, watched) = await stage.AskAsync(Get);
        await watched.ReturnAsync(new InvalidOperationException("provoked"));
        var status = await client.ReadStatusAsync();
        return $"{watched.Fate}, {status}; {await AskAgainAsync(stage, client)}";
    }

    private static async Task<string> ThrowsHalfwayAsync(Stage stage)
    {
        var (client, watched) = await stage.AskAsync(Get);
        await watched.DoAsync(AnswerHalfAsync);
        await watched.ReturnAsync(new InvalidOperationException("provoked"));
        var read = await client.ReadToEndAsync();
        Assert.EndsWith("half\r\n", read, StringComparison.Ordinal);
        return $"{await stage.FateAsync(watched)}, connection closed";
    }

    private static async Task<string> AbortsAsync(Stage stage)
    {
        var (client, watched) = await stage.AskAsync(Get);
        watched.Start(static http =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        await WaitFor.Completion(watched.Ended);
        Assert.Equal("", await client.ReadToEndAsync());
        return $"{watched.Fate}, connection closed";
    }

    private static async Task<string> UpgradedAsync(Stage stage)
    {
        var (client, watched) = await UpgradeAsync(stage, "");
        var before = watched.Fate;
        await watched.ReturnAsync();
        await client.ReadToEndAsync();
        return $"{before}, then {watched.Fate}";
    }

    private static async Task<string> UpgradedReadsAsync(Stage stage)
    {
        const int Length = 100 * 1024;
        var (_, watched) = await UpgradeAsync(stage, new string('x', Length));
        await watched.DoAsync(static async http =>
        {
            var stream = (Stream)http.Items["stream"]!;
            await stream.ReadExactlyAsync(new byte[Length]);
        });
        return watched.Fate;
    }

    private static async Task<string> NothingAskedAsync(Stage stage)
    {
        var client = await stage.ConnectAsync();
        client.HalfClose();
        var read = await client.ReadToEndAsync();
        return read.Length == 0 ? "closed, nothing sent" : read;
    }

    private static async Task<string> FloodAsync(Stage stage)
    {
        const int Requests = 2000;
        const int Connections = 5;
        var all = string.Concat(Enumerable.Repeat(Get, Requests));
        for (var i = 0; i < Connections; i++)
        {
            var client = await stage.ConnectAsync();
            await client.SendAsync(all);
        }

        for (var i = 0; i < Requests * Connections; i++)
        {
            var watched = await stage.ArrivedAsync();
            Assert.Equal(Watched.Live, watched.Fate);
            await watched.ReturnAsync();
        }

        return "all run, live";
    }

    private static async Task<string> AskAgainAsync(Stage stage, Wire client)
    {
        await client.SendAsync(Get);
        var next = await stage.ArrivedAsync();
        var fate = next.Fate;
        await next.ReturnAsync();
        return $"the next is {fate}, {await client.ReadStatusAsync()}";
    }

    private static async Task<(Wire Client, Watched Request)> UpgradeAsync(Stage stage, string data)
    {
        var (client, watched) = await stage.AskAsync(Upgrade + data);
        await watched.DoAsync(static async http =>
            http.Items["stream"] = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>()
                .UpgradeAsync());
        Assert.Equal(101, await client.ReadStatusAsync());
        return (client, watched);
    }
}
