using System.Collections.Concurrent;
using System.Net.Sockets;
using Baton.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Baton.Dashboard.Tests;

/// <summary>A shop with requests of every kind in flight, for the page to show.</summary>
internal sealed class Shop : IAsyncDisposable
{
    internal const string Marked = "/<img src=x onerror=\"document.title='hacked'\"><b>bold</b>";

    private readonly TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<Socket> _clients = [];
    private readonly HttpClient _stock = new(new BatonHandler(new SocketsHttpHandler()));

    private Shop()
    {
    }

    internal Server Server { get; private set; } = null!;

    internal static async Task<Shop> StartAsync()
    {
        var shop = new Shop();
        shop.Server = await Site.StartAsync(
            shop.Map,
            static builder =>
            {
                builder.Environment.ApplicationName = "Shop";
                Site.AddOperators(builder);
                builder.Services.AddBaton(static options => options.ShutdownGrace = TimeSpan.FromSeconds(50));
                builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(
                    static host => host.ShutdownTimeout = TimeSpan.FromSeconds(120));
            },
            expectedError: "cancel",
            options: static options => options.CancelPolicy = "operators");
        return shop;
    }

    /// <summary>A client that asks and waits.</summary>
    internal async Task<Socket> AskAsync(string path)
    {
        var client = await Server.AskAsync(path);
        _clients.Enqueue(client);
        return client;
    }

    /// <summary>Clients that come, wait and leave: for a picture.</summary>
    internal async Task LiveAsync(TimeSpan time)
    {
        var random = new Random(1);
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) is var passed && passed < time)
        {
            for (var i = 0; i < 2 + (int)(4 * (1 + Math.Sin(passed.TotalSeconds / 6))); i++)
            {
                _ = Server.Client.GetAsync($"/work/{random.Next(100)}");
            }

            if (random.Next(9) == 0)
            {
                var leaver = await Server.AskAsync("/work/101");
                await Task.Delay(30);
                leaver.Dispose();
            }

            await Task.Delay(120);
        }

        await AskAsync("/orders/7");
        (await AskAsync("/report/2025")).Dispose();
        await Task.Delay(1500);
    }

    /// <summary>Lets all handlers return.</summary>
    internal void Finish() => _isOver.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Finish();
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        await Server.DisposeAsync();
        _stock.Dispose();
    }

    private void Map(WebApplication app)
    {
        app.MapGet("/stock/{item}", (Context ctx) => HoldAsync(ctx));
        app.MapGet("/orders/{id}", async (Context ctx, HttpContext http) =>
        {
            using var budget = ctx.WithTimeout(TimeSpan.FromSeconds(90));
            await _stock.GetAsync(budget, $"http://127.0.0.1:{http.Connection.LocalPort}/stock/hat");
        }).WithRequestTimeout(TimeSpan.FromMinutes(2));
        app.MapGet("/search", (Context ctx) => HoldAsync(ctx)).WithRequestTimeout(TimeSpan.FromMinutes(5));
        app.MapGet("/report/{year}", (Context ctx) => _isOver.Task);
        app.MapGet("/slow", (Context ctx) => _isOver.Task).WithRequestTimeout(TimeSpan.FromMilliseconds(100));
        app.MapGet("/work/{number}", static async (Context ctx, int number) =>
        {
            await ctx.WithoutCancel().Delay(TimeSpan.FromMilliseconds(number % 10 == 3 ? 320 : 20 + (2 * number)));
            ctx.ThrowIfDone();
        }).WithRequestTimeout(TimeSpan.FromMilliseconds(250));
        app.MapGet("/quick", static () => "done");
        app.MapGet("/marked", (Context ctx) => HoldAsync(ctx)).WithMetadata(new MarkedRoute());
    }

    private async Task HoldAsync(Context ctx)
    {
        using var child = ctx.WithCancel();
        await child.WaitAsync(_isOver.Task);
    }

    private sealed class MarkedRoute : IRouteDiagnosticsMetadata
    {
        public string Route => Marked;
    }
}
