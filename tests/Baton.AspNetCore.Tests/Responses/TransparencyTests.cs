using System.Buffers;
using System.Text;
using Baton.AspNetCore.Tests.Matrix;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Baton.AspNetCore.Tests;

/// <summary>What a handler writes is on the wire with Baton as it is without.</summary>
public sealed class TransparencyTests
{
    private static readonly Dictionary<string, RequestDelegate> s_ways = new()
    {
        ["/nothing"] = static _ => Task.CompletedTask,
        ["/text"] = static http => http.Response.WriteAsync("text"),
        ["/twice"] = static async http =>
        {
            await http.Response.WriteAsync("one");
            await http.Response.WriteAsync("two");
        },
        ["/body"] = static async http => await http.Response.Body.WriteAsync("body"u8.ToArray()),
        ["/body/empty"] = static async http => await http.Response.Body.WriteAsync(ReadOnlyMemory<byte>.Empty),
        ["/body/array"] = static http => http.Response.Body.WriteAsync("xbodyx"u8.ToArray(), 1, 4),
        ["/body/begin"] = static http => Task.Factory.FromAsync(
            http.Response.Body.BeginWrite("body"u8.ToArray(), 0, 4, null, null), http.Response.Body.EndWrite),
        ["/body/sync"] = static http =>
        {
            http.Response.Body.Write("body"u8);
            http.Response.Body.WriteByte(33);
            http.Response.Body.Flush();
            return Task.CompletedTask;
        },
        ["/body/disposed"] = static async http =>
        {
            await using var text = new StreamWriter(http.Response.Body);
            await text.WriteAsync("text");
        },
        ["/writer/unflushed"] = static http =>
        {
            http.Response.BodyWriter.Write("unflushed"u8);
            return Task.CompletedTask;
        },
        ["/writer/memory"] = static async http =>
        {
            var room = http.Response.BodyWriter.GetMemory(20_000);
            room.Span[..20_000].Fill((byte)'m');
            http.Response.BodyWriter.Advance(20_000);
            await http.Response.BodyWriter.FlushAsync();
            "after"u8.CopyTo(http.Response.BodyWriter.GetSpan());
            http.Response.BodyWriter.Advance(5);
        },
        ["/writer/stream"] = static async http =>
        {
            http.Response.BodyWriter.Write("writer "u8);
            await http.Response.BodyWriter.AsStream().WriteAsync("stream"u8.ToArray());
            await http.Response.Body.WriteAsync(" body"u8.ToArray());
        },
        ["/writer/complete"] = static async http =>
        {
            http.Response.BodyWriter.Write("complete"u8);
            await http.Response.BodyWriter.CompleteAsync();
        },
        ["/complete"] = static async http =>
        {
            http.Response.BodyWriter.Write("complete"u8);
            await http.Response.CompleteAsync();
        },
        ["/start"] = static async http =>
        {
            await http.Response.StartAsync();
            http.Response.BodyWriter.Write(Encoding.ASCII.GetBytes($"started {http.Response.HasStarted}"));
        },
        ["/length"] = static async http =>
        {
            http.Response.ContentLength = 5;
            await http.Response.WriteAsync("12345");
        },
        ["/clear"] = static http =>
        {
            http.Response.Headers["x-gone"] = "1";
            http.Response.Clear();
            return http.Response.WriteAsync($"seek {http.Response.Body.CanSeek}, read {http.Response.Body.CanRead}");
        },
        ["/starting"] = static http =>
        {
            http.Response.OnStarting(() =>
            {
                http.Response.Headers["x-starting"] = "1";
                return Task.CompletedTask;
            });
            return http.Response.WriteAsync("text");
        },
        ["/file"] = static http => http.Response.SendFileAsync(Repository.PathTo("LICENSE")),
        ["/file/part"] = static http => http.Response.SendFileAsync(Repository.PathTo("LICENSE"), 10, 20),
        ["/unbuffered"] = static async http =>
        {
            http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
            await http.Response.WriteAsync("unbuffered");
        },
        ["/trailer"] = static async http =>
        {
            await http.Response.WriteAsync("text");
            if (http.Response.SupportsTrailers())
            {
                http.Response.AppendTrailer("x-trailer", "1");
            }
        },
        ["/json"] = static http => http.Response.WriteAsJsonAsync(new { a = 1, b = "[{" }),
        ["/json/large"] = static http => http.Response.WriteAsJsonAsync(Enumerable.Range(0, 30_000)),
        ["/json/sequence"] = static http => http.Response.WriteAsJsonAsync(Sequence()),
        ["/json/mixed"] = static async http =>
        {
            http.Response.ContentType = "application/json";
            await http.Response.Body.WriteAsync("[1,"u8.ToArray());
            http.Response.BodyWriter.Write("2,"u8);
            await http.Response.BodyWriter.FlushAsync();
            await http.Response.BodyWriter.WriteAsync("3,"u8.ToArray());
            await http.Response.Body.WriteAsync("4]"u8.ToArray());
        },
        ["/replaced"] = static async http =>
        {
            var own = http.Response.Body;
            using var buffer = new MemoryStream();
            http.Response.Body = buffer;
            await http.Response.WriteAsync("replaced");
            http.Response.Body = own;
            await own.WriteAsync(buffer.ToArray());
        },
        ["/304"] = static http =>
        {
            http.Response.StatusCode = 304;
            return Task.CompletedTask;
        },
        ["/results/text"] = static http => Results.Text("text").ExecuteAsync(http),
        ["/results/json"] = static http => Results.Json(new { a = 1 }).ExecuteAsync(http),
        ["/results/bytes"] = static http => Results.Bytes("bytes"u8.ToArray()).ExecuteAsync(http),
        ["/results/stream"] = static http => Results.Stream(new MemoryStream([1, 2])).ExecuteAsync(http),
        ["/results/events"] = static http => TypedResults.ServerSentEvents(Sequence()).ExecuteAsync(http),
        ["/results/problem"] = static http => Results.Problem("bad").ExecuteAsync(http),
    };

    public static TheoryData<string, string> Neighborhoods => new()
    {
        { "", "" },
        { "buffer", "" },
        { "", "buffer" },
        { "compression", "" },
        { "", "compression" },
        { "output cache", "" },
        { "", "output cache" },
        { "response cache", "" },
    };

    [Theory]
    [MemberData(nameof(Neighborhoods))]
    public async Task Every_way_to_write_gives_the_same_bytes_over_HTTP_1(string outside, string inside)
    {
        await using var without = await StartAsync(isBaton: false, outside, inside);
        await using var with = await StartAsync(isBaton: true, outside, inside);

        foreach (var path in s_ways.Keys)
        {
            foreach (var method in (string[])["GET", "HEAD"])
            {
                Assert.Equal(
                    (path, method, await AskAsync(without, method, path)),
                    (path, method, await AskAsync(with, method, path)));
            }
        }
    }

    [Fact]
    public async Task Every_way_to_write_gives_the_same_response_over_HTTP_2()
    {
        await using var without = await StartAsync(isBaton: false, "", "", Server.OverHttp2);
        await using var with = await StartAsync(isBaton: true, "", "", Server.OverHttp2);

        foreach (var path in s_ways.Keys)
        {
            Assert.Equal((path, await AskHttp2Async(without, path)), (path, await AskHttp2Async(with, path)));
        }
    }

    private static Task<Server> StartAsync(
        bool isBaton, string outside, string inside, Action<WebApplicationBuilder>? configure = null) =>
        Server.StartBareAsync(
            app =>
            {
                Neighbors.Use(app, outside);
                if (isBaton)
                {
                    app.UseBaton();
                }

                // Somebody looks, so that the context is live.
                app.Use((http, next) => http.RequestAborted.IsCancellationRequested ? Task.CompletedTask : next(http));
                Neighbors.Use(app, inside);
                foreach (var (path, way) in s_ways)
                {
                    app.Map(path, way);
                }
            },
            builder =>
            {
                Neighbors.AddTo(builder);
                builder.Services.Configure<KestrelServerOptions>(static kestrel => kestrel.AllowSynchronousIO = true);
                configure?.Invoke(builder);
            },
            expectedError: "The response could not be cached");

    /// <summary>All that comes back, without the date, and without where one chunk ends and the next begins.</summary>
    private static async Task<string> AskAsync(Server server, string method, string path)
    {
        using var wire = await Wire.ConnectAsync(server.Client.BaseAddress!.Port);
        await wire.SendAsync(
            $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");
        var head = (await wire.ReadToAsync("\r\n\r\n")).Split("\r\n");
        var isChunked = head.Contains("Transfer-Encoding: chunked") && method == "GET";
        return string.Join("\n", head.Where(static line => !line.StartsWith("Date: ", StringComparison.Ordinal)
                && !line.StartsWith("Age: ", StringComparison.Ordinal)))
            + (isChunked ? await ReadChunksAsync(wire) : await wire.ReadToEndAsync());
    }

    private static async Task<string> ReadChunksAsync(Wire wire)
    {
        var body = new StringBuilder();
        while (Convert.ToInt32((await wire.ReadToAsync("\r\n")).TrimEnd(), fromBase: 16) is > 0 and var length)
        {
            var chunk = new byte[length + 2];
            await wire.ReadExactlyAsync(chunk);
            body.Append(Encoding.Latin1.GetString(chunk.AsSpan(0, length)));
        }

        return body.Append(await wire.ReadToEndAsync()).ToString();
    }

    private static async Task<string> AskHttp2Async(Server server, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path)
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await WaitFor.Result(server.Client.SendAsync(request));
        var body = await response.Content.ReadAsByteArrayAsync();
        response.Headers.Date = null;
        return $"{response}{response.TrailingHeaders}{Convert.ToHexString(body)}";
    }

    private static async IAsyncEnumerable<int> Sequence()
    {
        for (var i = 0; i < 3; i++)
        {
            yield return i;
            await Task.Yield();
        }
    }
}
