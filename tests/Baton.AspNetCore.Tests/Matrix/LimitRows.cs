using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using static Baton.AspNetCore.Tests.Matrix.Requests;

namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>Kestrel's own limits of time, as short as it takes them.</summary>
internal static class LimitRows
{
    private const string HalfPost = Post + HalfBody;
    private const string NotRun = "not run, 408";

    internal static readonly Row[] All = [
        Of("the headers do not come whole (`RequestHeadersTimeout`; Go's `ReadHeaderTimeout`)",
            "not run, closed or 400", NotRun, NotRun, HeadersAsync) with
        {
            Kept = "Kestrel's: an answer says more than a closed connection.",
        },
        Of("a connection is idle (`KeepAliveTimeout`; Go's `IdleTimeout`)", "closed", "closed",
            "closed", IdleAsync),
        Of("… for longer than `RequestHeadersTimeout`, and asks then", "live", "live", "live",
            AsksLateAsync) with
        {
            Configure = Limits(TimeSpan.FromMinutes(1)),
        },
        Of("a request runs for longer than any of these", "live", "live", "live",
            static stage => LongerAsync(stage, Get)),
        Of("a body does not come (`MinRequestBodyDataRate`; Go's `ReadTimeout`), not read", "live",
            "live", "live", static stage => LongerAsync(stage, HalfPost)),
        Of("… a read waits for it", "the read throws, canceled", "the read throws (408), live",
            "the read throws (408), live", BodyAsync) with
        {
            Kept = "Kestrel's: the handler may still answer.",
        },
        Of("an answer is not read (`MinResponseDataRate`; Go's `WriteTimeout`)", "canceled", "canceled",
            "client disconnected", AnswerAsync),
    ];

    private static Row Of(
        string act, string go, string kestrel, string baton, Func<Stage, Task<string>> run) =>
        new(act, go, kestrel, baton, run)
        {
            Configure = Limits(keepAlive: TimeSpan.FromSeconds(1)),
        };

    private static Action<WebApplicationBuilder> Limits(TimeSpan keepAlive) => builder =>
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1);
            kestrel.Limits.KeepAliveTimeout = keepAlive;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(1_000_000, TimeSpan.FromSeconds(1.001));
            kestrel.Limits.MinResponseDataRate = new MinDataRate(1_000_000_000, TimeSpan.FromSeconds(1.001));
        });

    private static async Task<string> HeadersAsync(Stage stage)
    {
        var client = await stage.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\n");
        return $"not run, {await client.ReadStatusAsync()}";
    }

    private static async Task<string> IdleAsync(Stage stage)
    {
        var (client, watched) = await stage.AskAsync(Get);
        await watched.ReturnAsync();
        await client.ReadStatusAsync();
        return await client.ReadToEndAsync() == "" ? "closed" : "sent to";
    }

    /// <summary>A connection waits until another one, which came after it, has met the limit.</summary>
    private static async Task<string> AsksLateAsync(Stage stage)
    {
        var (client, watched) = await stage.AskAsync(Get);
        await watched.ReturnAsync();
        await client.ReadStatusAsync();
        await HeadersAsync(stage);
        await client.SendAsync(Get);
        return (await stage.ArrivedAsync()).Fate;
    }

    /// <summary>A request waits until others, which came after it, have met each of the limits.</summary>
    private static async Task<string> LongerAsync(Stage stage, string request)
    {
        var (_, watched) = await stage.AskAsync(request);
        await Task.WhenAll(HeadersAsync(stage), IdleAsync(stage));
        await BodyAsync(stage);
        return await stage.FateAsync(watched);
    }

    private static async Task<string> BodyAsync(Stage stage)
    {
        var (_, watched) = await stage.AskAsync(HalfPost);
        var said = "the read returns";
        await watched.DoAsync(async http =>
        {
            try
            {
                await http.Request.Body.ReadExactlyAsync(new byte[10]);
            }
            catch (Microsoft.AspNetCore.Http.BadHttpRequestException e)
            {
                said = $"the read throws ({e.StatusCode})";
            }
        });
        return $"{said}, {watched.Fate}";
    }

    private static async Task<string> AnswerAsync(Stage stage)
    {
        var (_, watched) = await stage.AskAsync(Get);
        watched.Start(static http => http.Response.Body.WriteAsync(new byte[64 * 1024 * 1024]).AsTask());
        return await stage.FateAsync(watched);
    }
}
