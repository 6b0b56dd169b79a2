using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Baton.AspNetCore.Tests;

[Collection(nameof(Alone))]
public sealed class LeakTests
{
    private readonly ConcurrentBag<WeakReference> _contexts = [];
    private int _running;

    [Fact]
    public async Task A_thousand_clients_that_leave_leave_nothing_behind()
    {
        const int Waves = 10;
        const int Clients = 100;
        var deadlines = DeadlineQueue.System.Count;
        await using var server = await Server.StartAsync(app =>
        {
            app.MapGet("/hello", HandleAsync);
            app.MapGet("/next", (Context ctx) => ctx.IsDone);
        });

        for (var wave = 0; wave < Waves; wave++)
        {
            var clients = new List<Socket>();
            for (var i = 0; i < Clients; i++)
            {
                clients.Add(await server.AskAsync("/hello"));
            }

            await WaitFor.True(() => Volatile.Read(ref _running) == Clients);
            clients.ForEach(static client => client.Dispose());
            await WaitFor.True(() => Volatile.Read(ref _running) == 0);
        }

        Assert.Equal("false", await server.Client.GetStringAsync("/next"));
        Assert.Equal(Waves * Clients * 2, _contexts.Count);
        Assert.Equal(deadlines, DeadlineQueue.System.Count);
        await WaitFor.True(NoneIsHeld);
    }

    [Fact]
    public async Task A_connection_that_stays_holds_no_context_of_its_earlier_requests()
    {
        var deadlines = DeadlineQueue.System.Count;
        await using var server = await Server.StartAsync(app =>
        {
            app.MapGet("/parameter", (Context ctx) => Track(ctx));
            app.MapGet("/property", (HttpContext http) => Track(http.RequestContext));
            app.MapGet("/later", async (HttpContext http) =>
            {
                await Task.Yield();
                Track(http.RequestContext);
            });
            app.MapGet("/next", () => "served");
        });

        for (var i = 0; i < 100; i++)
        {
            await server.Client.GetStringAsync("/parameter");
            await server.Client.GetStringAsync("/property");
            await server.Client.GetStringAsync("/later");
        }

        Assert.Equal("served", await server.Client.GetStringAsync("/next"));
        Assert.Equal(600, _contexts.Count);
        Assert.Equal(deadlines, DeadlineQueue.System.Count);
        await WaitFor.True(NoneIsHeld);
    }

    [Fact]
    public async Task A_token_that_outlives_its_requests_holds_no_context_of_theirs()
    {
        using var source = new CancellationTokenSource();
        await using var server = await Server.StartBareAsync(app =>
        {
            app.Use((http, next) =>
            {
                http.RequestAborted = source.Token;
                return next(http);
            });
            app.UseBaton();
            app.MapGet("/parameter", (Context ctx) => Track(ctx));
            app.MapGet("/next", () => "served");
        });

        for (var i = 0; i < 100; i++)
        {
            await server.Client.GetStringAsync("/parameter");
        }

        Assert.Equal("served", await server.Client.GetStringAsync("/next"));
        Assert.Equal(200, _contexts.Count);
        await WaitFor.True(NoneIsHeld);
    }

    private async Task HandleAsync(Context ctx, HttpContext http)
    {
        Interlocked.Increment(ref _running);
        try
        {
            Track(ctx);
            using var own = http.RequestContext.WithTimeout(TimeSpan.FromHours(1));
            await Select.After(TimeSpan.FromHours(1)).Done(own);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>
    /// Keeps an eye on a context and on a forgotten child of it, with a deadline and a callback.
    /// </summary>
    private void Track(Context ctx)
    {
        Assert.False(ctx.IsDone);
        Assert.Equal(0, ((CancelableContext)ctx).ChildCount);
        Assert.Equal(0, ((CancelableContext)ctx).CallbackCount);
        var child = ctx.WithTimeout(TimeSpan.FromHours(1));
        child.AfterFunc(static () => { });
        _contexts.Add(new WeakReference(ctx));
        _contexts.Add(new WeakReference(child));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool NoneIsHeld()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return _contexts.All(static ctx => !ctx.IsAlive);
    }
}
