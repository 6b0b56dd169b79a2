using System.Buffers;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Baton.AspNetCore.Tests.Matrix;
using Microsoft.AspNetCore.Mvc;

namespace Baton.AspNetCore.Tests;

/// <summary>
/// Of a response of which nothing was sent: it is the handler's if the handler wrote it whole, late or not, and
/// otherwise one of Baton's that starts from an empty body.
/// </summary>
public sealed class WholeTests
{
    private static readonly string s_large = JsonSerializer.Serialize(Enumerable.Range(0, 50_000));

    public static TheoryData<string, string> CausesAndProtocols
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var cause in EndedServer.Causes)
            {
                foreach (var protocol in EndedServer.Protocols)
                {
                    rows.Add(cause, protocol);
                }
            }

            return rows;
        }
    }

    public static TheoryData<string, string> LateAndOutside
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var path in
                (string[])["/text", "/written", "/json", "/json/written", "/body", "/writer", "/caught"])
            {
                foreach (var outside in (string[])["", "buffer", "pass-through", "compression", "output cache"])
                {
                    rows.Add(path, outside);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(LateAndOutside))]
    public async Task What_a_handler_wrote_whole_is_delivered_whole_after_the_end(string path, string outside)
    {
        await using var server = await StartAsync("deadline", outside: outside);

        using var response = await server.SendAndEndAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("the whole response", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CausesAndProtocols))]
    public async Task Nothing_of_the_handlers_is_before_a_response_of_Batons(string cause, string protocol)
    {
        foreach (var path in
            (string[])["/large", "/file", "/bytes", "/prefix", "/499", "/sequence", "/token", "/static"])
        {
            await using var server = await StartAsync(cause, protocol);

            using var response = await server.SendAndEndAsync(path);

            var text = await response.Content.ReadAsStringAsync();
            Assert.True(server.Status == (int)response.StatusCode, $"{path}: {response.StatusCode} {text}");
            Assert.StartsWith("The ", text, StringComparison.Ordinal);
            Assert.EndsWith(".\n", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/large")]
    [InlineData("/prefix")]
    [InlineData("/sequence")]
    [InlineData("/499")]
    public async Task With_problem_details_the_response_is_valid_JSON(string path)
    {
        await using var server = await StartAsync(
            "deadline", configure: static builder => builder.Services.AddProblemDetails());

        using var response = await server.SendAndEndAsync(path);

        var problem = await response.Content.ReadFromJsonAsync<ProblemDetails>(JsonSerializerOptions.Web);
        Assert.Equal(504, problem!.Status);
    }

    [Theory]
    [InlineData("buffer", "/large")]
    [InlineData("buffer", "/piece")]
    [InlineData("output cache", "/large")]
    [InlineData("compression", "/large")]
    public async Task Behind_middleware_that_holds_the_body_it_is_a_504_as_well(string outside, string path)
    {
        await using var server = await StartAsync("deadline", outside: outside);

        using var response = await server.SendAndEndAsync(path, encoding: "gzip");

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
    }

    [Theory]
    [InlineData("compression", "/json")]
    [InlineData("compression", "/large")]
    public async Task JSON_that_was_compressed_before_Baton_sees_it_is_not_taken_for_whole(string inside, string path)
    {
        await using var server = await StartAsync("deadline", inside: inside);

        using var response = await server.SendAndEndAsync(path, encoding: "gzip");

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Empty(response.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task An_upload_that_is_read_with_the_context_ends_with_a_response()
    {
        await using var server = await StartAsync("deadline");
        using var wire = await Wire.ConnectAsync(server.Client.BaseAddress!.Port);

        await wire.SendAsync(
            "POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n"
            + "Content-Type: multipart/form-data; boundary=B\r\n\r\n"
            + "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nxxxx");
        await WaitFor.Result(server.Gate.Given.Task);
        server.End();

        Assert.Equal(504, await wire.ReadStatusAsync());
    }

    [Fact]
    public async Task What_is_sent_after_the_response_is_complete_does_not_break_it()
    {
        await using var server = await StartAsync("deadline");

        using var response = await server.SendAndEndAsync("/complete");

        Assert.Equal("the whole response", await response.Content.ReadAsStringAsync());
    }

    private static Task<EndedServer> StartAsync(
        string cause, string protocol = "1.1", string outside = "", string inside = "",
        Action<WebApplicationBuilder>? configure = null) =>
        EndedServer.StartAsync(
            cause, protocol, Map, app => Neighbors.Use(app, outside), app => Neighbors.Use(app, inside),
            builder =>
            {
                Neighbors.AddTo(builder);
                configure?.Invoke(builder);
            });

    private static void Map(WebApplication app)
    {
        MapLate(app, "/text", static (_, _) => Results.Text("the whole response"));
        MapLate(app, "/json", static (_, _) => Results.Json(new { text = "the whole response" }));
        MapLate(app, "/large", static (_, _) => Results.Json(Enumerable.Range(0, 50_000)));
        MapLate(app, "/file", static (_, _) => Results.Stream(new MemoryStream(Writers.Piece)));
        MapLate(app, "/bytes", static (_, _) => Results.Bytes(Writers.Piece));
        MapLate(app, "/499", static (_, _) => Results.StatusCode(499));
        Map(app, "/written", static http => http.Response.WriteAsync("the whole response"));
        Map(app, "/json/written", static http => http.Response.WriteAsJsonAsync(new { text = "the whole response" }));
        Map(app, "/body", static async http =>
            await http.Response.Body.WriteAsync("the whole response"u8.ToArray()));
        Map(app, "/writer", static async http =>
        {
            http.Response.BodyWriter.Write("the whole response"u8);
            await http.Response.BodyWriter.FlushAsync();
        });
        Map(app, "/caught", static async http =>
        {
            try
            {
                await http.Response.WriteAsync("lost", http.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                await http.Response.WriteAsync("the whole response");
            }
        });
        Map(app, "/static", static http =>
            http.Response.SendFileAsync(Repository.PathTo("README.md"), http.RequestAborted));
        app.MapGet("/sequence", (Writers.Gate gate, Context ctx) => Waiting(gate, ctx));
        app.MapGet("/token", (Writers.Gate gate, Context ctx) => gate.WaitAsync(ctx));
        app.MapGet("/prefix", (Writers.Gate gate, Context ctx, HttpResponse response) =>
        {
            response.ContentType = "application/json";
            response.BodyWriter.Write("{\"id\":7}"u8);
            return gate.WaitAsync(ctx);
        });
        app.MapGet("/piece", async (Writers.Gate gate, Context ctx, HttpResponse response) =>
        {
            await response.WriteAsync("a piece", ctx);
            await gate.WaitAsync(ctx);
        });
        app.MapGet("/complete", async (Writers.Gate gate, Context ctx, HttpResponse response) =>
        {
            await response.WriteAsync("the whole response", ctx);
            await response.CompleteAsync();
            await gate.WaitAsync(ctx);
        });
        app.MapPost("/upload", async (Writers.Gate gate, HttpContext http) =>
        {
            gate.Given.TrySetResult(http.RequestContext);
            await http.Request.ReadFormAsync(http.RequestAborted);
        });
    }

    private static async IAsyncEnumerable<int> Waiting(Writers.Gate gate, Context ctx)
    {
        await gate.WaitAsync(ctx);
        yield return 1;
    }

    private static void MapLate(WebApplication app, string path, Func<Context, HttpResponse, IResult> result) =>
        app.MapGet(path, async (Writers.Gate gate, Context ctx, HttpResponse response) =>
        {
            gate.Given.TrySetResult(ctx);
            await Select.Done(ctx);
            return result(ctx, response);
        });

    private static void Map(WebApplication app, string path, RequestDelegate write) => app.Map(path, async http =>
    {
        http.RequestServices.GetRequiredService<Writers.Gate>().Given.TrySetResult(http.RequestContext);
        await Select.Done(http.RequestContext);
        await write(http);
    });
}
