using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using static Baton.AspNetCore.Tests.Matrix.Requests;

namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>HTTP/1.1: the client does something while the handler waits.</summary>
internal static class DisconnectRows
{
    private const string Canceled = "canceled";
    private const string Left = "client disconnected";
    private const string Reads = "Kestrel's: it reads ahead of the handler, so it sees what Go misses.";

    internal static readonly Row[] All = [
        new("`GET`; the client closes (FIN)", Canceled, Canceled, Left, After(Get)),
        new("`GET`; the client resets (RST)", Canceled, Canceled, Left,
            After(Get, leave: static client => client.Reset())),
        new("`GET`; the client closes its sending half only", "canceled, answered", "canceled, not answered",
            "client disconnected, not answered", HalfCloseAsync)
        {
            Kept = "Kestrel's: it closes the connection, so an answer would reach nobody.",
        },
        new("HTTP/1.0 `GET`; the client closes", Canceled, Canceled, Left, After("GET / HTTP/1.0\r\n\r\n")),
        new("`POST` with `Content-Length: 0`; the client closes", Canceled, Canceled, Left,
            After("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")),
        new("`POST`, body sent, not read; the client closes", "live", Canceled, Left,
            After(Post + Body)) { Kept = Reads },
        new("`POST`, body sent, half of it read; the client closes", "live", Canceled, Left,
            After(Post + Body, static http => ReadAsync(http, 5)))
        {
            Kept = Reads,

            // Kestrel's, when it has to let go of the rest of such a body.
            Logs = "Reading is already in progress",
        },
        new("`POST`, body sent, read to its length; the client closes", Canceled, Canceled, Left,
            After(Post + Body, static http => ReadAsync(http, 10))),
        new("`POST`, body sent, read to its end; the client closes", Canceled, Canceled, Left,
            After(Post + Body, ReadToEndAsync)),
        new("chunked `POST`, body sent, not read; the client closes", "live", Canceled, Left,
            After(ChunkedPost))
        {
            Kept = Reads,
        },
        new("chunked `POST`, body sent, read to its end; the client closes", Canceled, Canceled, Left,
            After(ChunkedPost, ReadToEndAsync)),
        new("`POST` of 64 MiB, not read; the client closes",
            "live; canceled when the handler reads", "live; canceled when the handler reads",
            "live; client disconnected when the handler reads", LargeBodyAsync)
        {
            Kept = "Both: what is behind 1 MiB that nobody reads (`MaxRequestBufferSize`) is not seen.",
            Configure = static builder => builder.WebHost.ConfigureKestrel(static kestrel =>
                kestrel.Limits.MaxRequestBodySize = null),
        },
        new("`POST` with `Expect: 100-continue`, not read; the client closes", "live", Canceled, Left,
            After(ExpectingPost)) { Kept = Reads },
        new("`POST`, body sent, not read, half an answer sent; the client closes", Canceled, Canceled, Left,
            After(Post + Body, AnswerHalfAsync)),
        new("`POST`, half the body sent, half an answer sent; the client closes", "live", Canceled, Left,
            After(Post + HalfBody, AnswerHalfAsync)) { Kept = Reads },
        new("`POST`, half the body sent, a read waits; the client closes", "canceled, the read throws",
            "canceled, the read throws", "client disconnected, the read throws", ReadWaitsAsync),
        new("a second request is sent ahead; the client closes", "live", Canceled, Left, PipelinedAsync)
        {
            Kept = Reads,
        },
        new("two requests come in one packet; the client closes", Canceled, Canceled, Left, After(Get + Get)),
        new("upgraded; the client closes", "live", Canceled, Left, UpgradedAsync) { Kept = Reads },
    ];

    /// <summary>The client asks, the handler does something, the client leaves.</summary>
    private static Func<Stage, Task<string>> After(
        string request, Func<HttpContext, Task>? handler = null, Action<Wire>? leave = null) => async stage =>
    {
        var (client, watched) = await stage.AskAsync(request);
        if (handler is not null)
        {
            await watched.DoAsync(handler);
        }

        Assert.Equal(Watched.Live, watched.Fate);
        (leave ?? (static client => client.Close()))(client);
        return await stage.FateAsync(watched);
    };

    private static async Task<string> HalfCloseAsync(Stage stage)
    {
        var (client, watched) = await stage.AskAsync(Get);
        client.HalfClose();
        var fate = await stage.FateAsync(watched);
        await watched.DoAsync(static http => http.Response.WriteAsync("hello"));
        await watched.ReturnAsync();
        return $"{fate}, {(await client.ReadStatusAsync() is null ? "not answered" : "answered")}";
    }

    private static async Task<string> LargeBodyAsync(Stage stage)
    {
        const int Length = 64 * 1024 * 1024;
        var (client, watched) = await stage.AskAsync(
            $"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {Length}\r\n\r\n");
        Assert.NotEqual(Length, client.SendUntilFull(Length));
        client.Close();
        var before = await stage.FateAsync(watched);
        await watched.DoAsync(static http => Assert.ThrowsAnyAsync<IOException>(() => ReadToEndAsync(http)));
        await WaitFor.Completion(watched.Ended);
        return $"{before}; {watched.Fate} when the handler reads";
    }

    private static async Task<string> ReadWaitsAsync(Stage stage)
    {
        var (client, watched) = await stage.AskAsync(Post + HalfBody);
        var read = new TaskCompletionSource<string>();
        watched.Start(async http =>
        {
            try
            {
                await ReadAsync(http, 10);
                read.SetResult("the read returns");
            }
            catch (Exception e)
            {
                Assert.IsType<IOException>(e, exactMatch: false);
                read.SetResult("the read throws");
            }
        });
        client.Close();
        var said = await WaitFor.Result(read.Task);
        return $"{await stage.FateAsync(watched)}, {said}";
    }

    private static async Task<string> PipelinedAsync(Stage stage)
    {
        var (client, watched) = await stage.AskAsync(Get);
        await client.SendAsync(Get);
        client.Close();
        return await stage.FateAsync(watched);
    }

    private static async Task<string> UpgradedAsync(Stage stage)
    {
        var (client, watched) = await stage.AskAsync(Upgrade);
        await watched.DoAsync(static http =>
            http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync());
        Assert.Equal(101, await client.ReadStatusAsync());
        client.Close();
        return await stage.FateAsync(watched);
    }
}
