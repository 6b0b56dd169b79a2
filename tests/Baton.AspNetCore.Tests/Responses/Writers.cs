using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace Baton.AspNetCore.Tests;

/// <summary>
/// Handlers that send a part of their response, wait for the end of their context, and go on as what they are
/// made of does then. None of them finishes the response.
/// </summary>
internal static class Writers
{
    /// <summary>Those of which the framework, or the handler, swallows the cancellation.</summary>
    internal static readonly string[] Swallowing =
    [
        "/json/sequence", "/json/mvc", "/json/nested", "/json/result", "/json/written", "/json/stream", "/json/problem",
        "/file/stream", "/text/swallowed", "/text/flush", "/text/body", "/text/file",
    ];

    internal static readonly string[] Throwing =
    [
        "/text/throws", "/text/fails", "/json/throws", "/events", "/writer/throws",
    ];

    internal static readonly byte[] Piece = Encoding.ASCII.GetBytes(new string('x', 100));

    /// <summary>A task that completes when the context of the handler is about to be waited for.</summary>
    internal sealed class Gate
    {
        internal TaskCompletionSource<Context> Given { get; set; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal async Task WaitAsync(Context ctx)
        {
            Given.TrySetResult(ctx);
            await ctx.Delay(Timeout.InfiniteTimeSpan);
        }

        /// <summary>One for the first request only; others get a sequence that ends.</summary>
        internal async IAsyncEnumerable<int> Numbers([EnumeratorCancellation] CancellationToken token = default)
        {
            var isFirst = !Given.Task.IsCompleted;
            for (var i = 0; i < 3; i++)
            {
                yield return i;
            }

            if (isFirst)
            {
                await WaitAsync(Context.FromToken(token));
            }

            yield return 3;
        }
    }

    internal static void AddTo(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Gate>();
        builder.Services.AddControllers().ConfigureApplicationPartManager(
            static parts =>
            {
                parts.ApplicationParts.Add(new AssemblyPart(typeof(Writers).Assembly));
                parts.FeatureProviders.Add(new ThisController());
            });
    }

    internal static void Map(WebApplication app)
    {
        app.MapControllers();
        app.MapGet("/json/sequence", (Gate gate) => gate.Numbers());
        app.MapGet("/json/nested", (Gate gate) => new Nested("[{\"", gate.Numbers()));
        app.MapGet("/json/result", (Gate gate) => Results.Ok(gate.Numbers()));
        app.MapGet("/json/written", (Gate gate, HttpResponse response) =>
            response.WriteAsJsonAsync(gate.Numbers()));
        app.MapGet("/json/problem", (Gate gate, HttpResponse response) =>
            response.WriteAsJsonAsync(gate.Numbers(), options: null, "application/problem+json; charset=utf-8"));
        app.MapGet("/json/stream", async (Gate gate, HttpContext http) =>
        {
            http.Response.ContentType = "application/json";
            try
            {
                await System.Text.Json.JsonSerializer.SerializeAsync(
                    http.Response.Body, gate.Numbers(), cancellationToken: http.RequestAborted);
            }
            catch (OperationCanceledException)
            {
            }
        });
        app.MapGet("/json/throws", (Gate gate, HttpContext http) =>
            http.Response.WriteAsJsonAsync(gate.Numbers(), http.RequestAborted));
        app.MapGet("/events", (Gate gate, Context ctx) => TypedResults.ServerSentEvents(gate.Numbers(ctx)));
        app.MapGet("/file/stream", (Gate gate, Context ctx) => Results.Stream(
            PipeReader.Create(new SlowStream(gate, ctx)).AsStream(), "application/octet-stream"));
        MapText(app);
    }

    private static void MapText(WebApplication app)
    {
        app.MapGet("/text/throws", async (Gate gate, Context ctx, HttpResponse response) =>
        {
            await response.WriteAsync("half", ctx);
            await gate.WaitAsync(ctx);
        });
        app.MapGet("/text/fails", async (Gate gate, Context ctx, HttpResponse response) =>
        {
            await response.WriteAsync("half", ctx);
            await EndAsync(gate, ctx);
            await response.WriteAsync("other half", ctx);
        });
        app.MapGet("/writer/throws", async (Gate gate, Context ctx, HttpResponse response) =>
        {
            await response.BodyWriter.WriteAsync(Piece, ctx);
            await EndAsync(gate, ctx);
            await response.BodyWriter.WriteAsync(Piece, ctx);
        });
        MapSwallowing(app, "/text/swallowed", static (response, ctx) => response.WriteAsync("other half", ctx));
        MapSwallowing(app, "/text/body", static async (response, ctx) =>
            await response.Body.WriteAsync(Piece, ctx));
        MapSwallowing(app, "/text/flush", static async (response, ctx) =>
        {
            Piece.CopyTo(response.BodyWriter.GetSpan(Piece.Length));
            response.BodyWriter.Advance(Piece.Length);
            await response.BodyWriter.FlushAsync(ctx);
        });
        MapSwallowing(app, "/text/file", static (response, ctx) =>
            response.SendFileAsync(Repository.PathTo("README.md"), ctx));
    }

    private static void MapSwallowing(
        WebApplication app, string path, Func<HttpResponse, Context, Task> write) =>
        app.Map(path, async http =>
        {
            var ctx = http.RequestContext;
            await http.Response.WriteAsync("half", ctx);
            await EndAsync(http.RequestServices.GetRequiredService<Gate>(), ctx);
            try
            {
                await write(http.Response, ctx);
            }
            catch (OperationCanceledException)
            {
            }
        });

    private static async Task EndAsync(Gate gate, Context ctx)
    {
        gate.Given.TrySetResult(ctx);
        await Select.Done(ctx);
    }

    internal sealed record Nested(string Text, IAsyncEnumerable<int> Numbers);

    public sealed class SequenceController : ControllerBase
    {
        [HttpGet("/json/mvc")]
        public IAsyncEnumerable<int> Numbers() =>
            HttpContext.RequestServices.GetRequiredService<Gate>().Numbers();
    }

    private sealed class SlowStream(Gate gate, Context ctx) : MemoryStream(Piece)
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position == Length)
            {
                await gate.WaitAsync(ctx);
            }

            return await base.ReadAsync(buffer, cancellationToken);
        }
    }

    private sealed class ThisController : IApplicationFeatureProvider<ControllerFeature>
    {
        public void PopulateFeature(IEnumerable<ApplicationPart> parts, ControllerFeature feature)
        {
            feature.Controllers.Clear();
            feature.Controllers.Add(
                System.Reflection.IntrospectionExtensions.GetTypeInfo(typeof(SequenceController)));
        }
    }
}
