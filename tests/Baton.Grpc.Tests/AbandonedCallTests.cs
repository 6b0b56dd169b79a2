namespace Baton.Grpc.Tests;

/// <summary>Calls that are canceled at any moment leave nothing behind.</summary>
public sealed class AbandonedCallTests
{
    private const int Calls = 1000;
    private const int AtOnce = 20;
    private const int Seed = 6;

    [Fact]
    public async Task No_method_runs_on_no_context_is_held_and_the_channel_serves_on()
    {
        var running = 0;
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = async call =>
        {
            Interlocked.Increment(ref running);
            try
            {
                await call.RequestContext.Delay(TimeSpan.FromHours(1));
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        };
        using var process = Context.Background.WithCancel();
        var contexts = new List<WeakReference>();
        var random = new Random(Seed);

        for (var i = 0; i < Calls; i += AtOnce)
        {
            var batch = Enumerable.Range(0, AtOnce)
                .Select(_ => AbandonAsync(server, process, random.Next(4), random.Next(60))).ToArray();
            contexts.AddRange(await WaitFor.Result(Task.WhenAll(batch)));
        }

        await WaitFor.True(() => Volatile.Read(ref running) == 0);
        await WaitFor.True(() =>
        {
            GC.Collect();
            return contexts.TrueForAll(static context => !context.IsAlive);
        });
        server.Methods.Unary = static (note, _) => Task.FromResult(note);
        Assert.Equal("still here", (await WaitFor.Result(
            server.Client.UnaryAsync(new Note { Text = "still here" }).ResponseAsync)).Text);
    }

    /// <summary>Makes a call, and cancels it after so many turns of the thread pool.</summary>
    private static async Task<WeakReference> AbandonAsync(
        ProbeServer server, Context process, int kind, int turns)
    {
        using var ctx = process.WithCancel();
        var calling = AllKinds.CallAsync(
            server.Client, AllKinds.Names.ElementAt(kind).Data, ctx.ToCallOptions());
        for (var turn = 0; turn < turns; turn++)
        {
            await Task.Yield();
        }

        ctx.Cancel();
        await Assert.ThrowsAsync<ContextCanceledException>(() => calling);
        return new WeakReference(ctx);
    }
}
