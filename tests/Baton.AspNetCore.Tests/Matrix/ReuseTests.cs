using System.Text;

namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>
/// Connections, and Kestrel's pooled requests, that serve again after contexts that have ended in every way.
/// </summary>
public sealed class ReuseTests
{
    private const int Requests = 100_000;
    private const int Connections = 8;
    private const int Batch = 50;

    /// <summary>
    /// One of each batch has a millisecond, and is answered when that is over; another one fails.
    /// </summary>
    private static readonly string s_batch = Ask("/late", "grpc-timeout: 1m\r\n") + Ask("/fails", "")
        + string.Concat(Enumerable.Repeat(Ask("/", ""), Batch - 2));

    private int _served, _inherited;

    [Fact]
    public async Task A_hundred_thousand_requests_on_reused_connections_never_inherit_an_end()
    {
        await using var server = await Server.StartAsync(app =>
        {
            app.MapGet("/", (Context ctx, HttpContext http) => Note(ctx, http));
            app.MapGet("/late", async (Context ctx) =>
            {
                // Its millisecond may be over by now; what it ends here must not reach the next.
                Interlocked.Increment(ref _served);
                await ctx.Delay(Timeout.InfiniteTimeSpan);
            });
            app.MapGet("/waits", async (Context ctx) => await ctx.Delay(Timeout.InfiniteTimeSpan));
            app.MapGet("/fails", (Context ctx, HttpContext http) =>
            {
                Note(ctx, http);
                throw new OperationCanceledException("provoked");
            });
        }, expectedError: "provoked");

        await Task.WhenAll(
            Enumerable.Range(0, Connections).Select(_ => AskAsync(server.Client.BaseAddress!.Port)));

        Assert.Equal(0, _inherited);
        Assert.Equal(Requests, _served);
    }

    private static string Ask(string path, string header) =>
        $"GET {path} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n";

    private static async Task AskAsync(int port)
    {
        var batch = Encoding.ASCII.GetBytes(s_batch);
        var client = await Wire.ConnectAsync(port);
        for (var i = 0; i < Requests / Connections / Batch; i++)
        {
            if (i % 50 == 49)
            {
                // Leaves while it waits: its request goes back to the pool with a context that has ended.
                await client.SendAsync(Ask("/waits", ""));
                client.Close();
                client = await Wire.ConnectAsync(port);
            }

            await client.SendAsync(batch);
            Assert.Equal(504, await client.ReadStatusAsync());
            Assert.Equal(500, await client.ReadStatusAsync());
            for (var j = 2; j < Batch; j++)
            {
                Assert.Equal(200, await client.ReadStatusAsync());
            }
        }

        client.Dispose();
    }

    private void Note(Context ctx, HttpContext http)
    {
        Interlocked.Increment(ref _served);
        if (ctx.IsDone || http.RequestAborted.IsCancellationRequested)
        {
            Interlocked.Increment(ref _inherited);
        }
    }
}
