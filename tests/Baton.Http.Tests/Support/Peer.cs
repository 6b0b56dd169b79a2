namespace Baton.Http.Tests;

/// <summary>A service that does not do well, over one version of HTTP.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _brokenOff =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _version;
    private Server? _server;

    private Peer(string version) => _version = version;

    internal Uri Address => _server!.Client.BaseAddress!;

    /// <summary>A request has come.</summary>
    internal Task Arrived => _arrived.Task;

    /// <summary>A client has left in the middle.</summary>
    internal Task Left => _left.Task;

    internal static async Task<Peer> StartAsync(string version)
    {
        var peer = new Peer(version);
        peer._server = await Server.StartBareAsync(peer.Map, builder => Wire.Configure(builder, version));
        return peer;
    }

    internal HttpClient Client(BatonHttpOptions? options = null) => Wire.Client(Address, _version, options);

    /// <summary>Lets <c>/abort-in-body</c> do it.</summary>
    internal void BreakOff() => _brokenOff.TrySetResult();

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private void Map(WebApplication app)
    {
        app.MapGet("/silent", async (HttpContext http) => await UntilLeftAsync(http));
        app.MapGet("/endless", async (HttpContext http) =>
        {
            await http.Response.WriteAsync(".");
            await http.Response.Body.FlushAsync();
            await UntilLeftAsync(http);
        });
        app.MapPost("/upload", async (HttpContext http) => await UntilLeftAsync(http));
        app.MapGet("/abort", (HttpContext http) => http.Abort());
        app.MapGet("/abort-in-body", async (HttpContext http) =>
        {
            await http.Response.WriteAsync(".");
            await http.Response.Body.FlushAsync();
            _arrived.TrySetResult();
            await _brokenOff.Task;
            http.Abort();
        });
    }

    private async Task UntilLeftAsync(HttpContext http)
    {
        var left = new TaskCompletionSource();
        using (http.RequestAborted.Register(left.SetResult))
        {
            _arrived.TrySetResult();
            await left.Task;
            _left.TrySetResult();
        }
    }
}
