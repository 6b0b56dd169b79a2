using System.Runtime.CompilerServices;

namespace Baton.Http.Tests;

/// <summary>Calls that are canceled at any moment leave nothing behind, on either side.</summary>
public sealed class AbandonedCallTests
{
    private const int Calls = 5_000;
    private const int AtATime = 32;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Nothing_is_left_of_calls_that_were_canceled_at_random_moments(string version)
    {
        var running = 0;
        await using var server = await Server.StartBareAsync(
            app => app.MapGet("/", async (HttpContext http) =>
            {
                Interlocked.Increment(ref running);
                try
                {
                    for (var i = 0; i < 4; i++)
                    {
                        await http.Response.Body.WriteAsync(new byte[1000], http.RequestAborted);
                        await http.Response.Body.FlushAsync(http.RequestAborted);
                        await Task.Yield();
                    }
                }
                catch (OperationCanceledException)
                {
                    // The client has left.
                }
                finally
                {
                    Interlocked.Decrement(ref running);
                }
            }),
            builder => Wire.Configure(builder, version));
        using var client = Wire.Client(server.Client.BaseAddress!, version);
        using var active = ActiveRequests(server.Client.BaseAddress!.Port);
        using var parent = Context.Background.WithCancel();
        var kept = new List<WeakReference>();

        var calls = Enumerable.Range(0, AtATime).Select(worker =>
            AbandonAsync(client, parent, new Random(worker), kept));
        await WaitFor.Completion(Task.WhenAll(calls));

        await WaitFor.True(() => Volatile.Read(ref running) == 0);
        await WaitFor.True(() => active.Sum == 0);
        await WaitFor.True(() =>
        {
            GC.Collect();
            return kept.TrueForAll(static each => !each.IsAlive);
        });
        Assert.Equal(4000, (await WaitFor.Result(client.GetByteArrayAsync(parent, "/"))).Length);
    }

    private static async Task AbandonAsync(
        HttpClient client, Context parent, Random random, List<WeakReference> kept)
    {
        for (var i = 0; i < Calls / AtATime; i++)
        {
            var references = await AbandonOneAsync(client, parent, random);
            lock (kept)
            {
                kept.AddRange(references);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference[]> AbandonOneAsync(
        HttpClient client, Context parent, Random random)
    {
        using var ctx = parent.WithCancel();
        HttpResponseMessage? response = null;
        try
        {
            var calling = client.GetAsync(ctx, "/", random.Next(2) == 0
                ? HttpCompletionOption.ResponseHeadersRead
                : HttpCompletionOption.ResponseContentRead);
            await CancelAfterAsync(ctx, random.Next(20));
            response = await calling;
            await using var body = await response.Content.ReadAsStreamAsync(CancellationToken.None);
            var cancel = CancelAfterAsync(ctx, random.Next(20));
            await body.CopyToAsync(Stream.Null, CancellationToken.None);
            await cancel;
        }
        catch (ContextCanceledException)
        {
            // As it is to be: nothing else is thrown.
        }
        finally
        {
            response?.Dispose();
        }

        return response is null
            ? [new WeakReference(ctx)]
            : [new WeakReference(ctx), new WeakReference(response)];
    }

    /// <summary>Three in four calls are canceled, after so many turns of the thread pool.</summary>
    private static async Task CancelAfterAsync(CancelableContext ctx, int turns)
    {
        for (var i = 0; i < turns; i++)
        {
            await Task.Yield();
        }

        if (turns < 15)
        {
            ctx.Cancel();
        }
    }

    /// <summary>What .NET counts as active requests to one port.</summary>
    private static CounterListener ActiveRequests(int port) =>
        new("System.Net.Http", "http.client.active_requests", tags =>
            port.Equals(tags["server.port"]) ? $"{port}" : null);
}
