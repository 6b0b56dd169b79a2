using System.Net;
using System.Net.Sockets;
using System.Text;
using Baton.Dashboard;

namespace Baton.PageBench;

/// <summary>A server with the page open, and with requests in flight that wait until it is disposed.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<Socket> _clients = [];
    private readonly TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _arrived = new(0);

    private PageServer(WebApplication app) => _app = app;

    internal Uri Address => new(_app.Urls.Single());

    internal Watch Watch => BatonDashboardEndpointRouteBuilderExtensions.WatchOf(_app.Services);

    internal Snapshots Snapshots => Watch.Look();

    /// <summary>The context whose children the requests are.</summary>
    internal CancelableContext Root => (CancelableContext)Watch.Server.Context;

    internal static async Task<PageServer> StartAsync(int requests)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddBaton(static options => options.Timeout = TimeSpan.FromHours(1));
        var server = new PageServer(builder.Build());
        server._app.UseBaton();
        server._app.MapBatonDashboard();
        server._app.MapGet("/wait/{number}", server.WaitAsync);
        await server._app.StartAsync();
        _ = server.Snapshots;
        for (var i = 0; i < requests; i++)
        {
            await server.AskAsync();
        }

        return server;
    }

    /// <summary>One more request, which is in its handler when this returns.</summary>
    internal async Task<Socket> AskAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _clients.Add(client);
        await client.ConnectAsync(IPAddress.Loopback, Address.Port);
        await client.SendAsync(Encoding.ASCII.GetBytes($"GET /wait/{_clients.Count} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        await _arrived.WaitAsync();
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        _isOver.SetResult();
        _clients.ForEach(static client => client.Dispose());
        await _app.DisposeAsync();
        _arrived.Dispose();
    }

    private Task WaitAsync(Context ctx, int number)
    {
        _arrived.Release();
        return ctx.WaitAsync(_isOver.Task);
    }
}
