using System.IO.Compression;
using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests;

/// <summary>
/// What a handler of any framework does here, and what the framework's user expects of its context: it is the
/// one that the handler's services have, it ends when the client leaves, and a timeout is a 504.
/// </summary>
internal sealed class Work(bool waits = false)
{
    internal static readonly TimeSpan Timeout = TimeSpan.FromHours(1);

    internal TaskCompletionSource<Context> Given { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal async Task<string> RunAsync(Context ctx, Shapes.Taker service)
    {
        Assert.Same(ctx, service.Context);
        Assert.False(ctx.IsDone);
        Given.TrySetResult(ctx);
        if (waits)
        {
            await ctx.Delay(2 * Timeout);
        }

        return "worked";
    }

    /// <summary>Starts an application thrice, and asks it for <c>/work</c>.</summary>
    /// <remarks>An application that logs a warning or an error fails the test.</remarks>
    internal static async Task AssertHoldsAsync(
        Action<WebApplication> map,
        Action<WebApplicationBuilder> configure,
        Action<HttpClient>? prepare = null)
    {
        var clock = new FakeTimeProvider();

        var work = new Work();
        await using (var server = await StartAsync(work))
        {
            Assert.Contains("worked", await ReadAsync(server), StringComparison.Ordinal);
            Assert.Contains("worked", await ReadAsync(server), StringComparison.Ordinal);
            await WaitFor.True(() => work.Given.Task.Result.IsDone);
        }

        work = new Work(waits: true);
        await using (var server = await StartAsync(work))
        {
            using var leaves = new CancellationTokenSource();
            var asking = server.Client.GetAsync("/work", leaves.Token);
            var ctx = await WaitFor.Result(work.Given.Task);
            await leaves.CancelAsync();

            await WaitFor.True(() => ctx.IsDone);
            Assert.IsType<ClientDisconnectedException>(ctx.Cause);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        }

        work = new Work(waits: true);
        await using (var server = await StartAsync(work))
        {
            var asking = server.Client.GetAsync("/work");
            var ctx = await WaitFor.Result(work.Given.Task);
            clock.Advance(Timeout);

            using var response = await WaitFor.Result(asking);
            Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
            Assert.IsType<RequestTimeoutException>(ctx.Cause);
        }

        static async Task<string> ReadAsync(Server server)
        {
            using var response = await server.Client.GetAsync("/work");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var body = await response.Content.ReadAsStreamAsync();
            using var reader = new StreamReader(response.Content.Headers.ContentEncoding.Contains("br")
                ? new BrotliStream(body, CompressionMode.Decompress)
                : body);
            return await reader.ReadToEndAsync();
        }

        async Task<Server> StartAsync(Work work)
        {
            var server = await Server.StartBareAsync(map, builder =>
            {
                builder.Services.AddSingleton(work);
                builder.Services.AddTransient<Shapes.Taker>();
                builder.Services.AddBaton(options =>
                {
                    options.BaseContext = Context.Root(clock);
                    options.Timeout = Timeout;
                });
                configure(builder);
            });
            prepare?.Invoke(server.Client);
            return server;
        }
    }
}
