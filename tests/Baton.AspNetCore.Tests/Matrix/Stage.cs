using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>A server whose requests wait in their handlers for what the row says.</summary>
internal sealed class Stage : IAsyncDisposable
{
    /// <summary>
    /// How many clients must have been seen leaving before one that left earlier counts as not noticed.
    /// </summary>
    private const int Controls = 10;

    private readonly Channel<Watched> _arrived = Channel.CreateUnbounded<Watched>();
    private readonly Channel<Watched> _controls = Channel.CreateUnbounded<Watched>();
    private readonly List<Wire> _clients = [];
    private readonly CancellationTokenSource _end = new();
    private readonly string _expected;
    private Server? _server;

    private Stage(string expected) => _expected = expected;

    internal Server Server => _server!;

    /// <summary>What every context is derived from.</summary>
    internal CancelableContext Base { get; } = Context.Background.WithCancel();

    internal static async Task<Stage> StartAsync(Side side, Row row)
    {
        var stage = new Stage(row.Expected(side));
        stage._server = await Server.StartBareAsync(
            app =>
            {
                if (side == Side.Baton)
                {
                    app.UseBaton();
                }
                else if (row.Timeout is not null)
                {
                    app.UseRequestTimeouts();
                }

                app.Run(http =>
                {
                    var request = new Watched(http, side, stage._end.Token);
                    var queue = http.Request.Path == "/control" ? stage._controls : stage._arrived;
                    Assert.True(queue.Writer.TryWrite(request));
                    return request.RunAsync();
                });
            },
            builder => stage.Configure(builder, row),
            row.Logs);
        return stage;
    }

    internal async Task<Wire> ConnectAsync()
    {
        var client = await Wire.ConnectAsync(Server.Client.BaseAddress!.Port);
        _clients.Add(client);
        return client;
    }

    /// <summary>
    /// A client that has sent <paramref name="request"/>, and the request as its handler has it.
    /// </summary>
    internal async Task<(Wire Client, Watched Request)> AskAsync(string request)
    {
        var client = await ConnectAsync();
        await client.SendAsync(request);
        return (client, await ArrivedAsync());
    }

    /// <summary>The next request that has reached its handler.</summary>
    internal Task<Watched> ArrivedAsync() => WaitFor.Result(_arrived.Reader.ReadAsync().AsTask());

    /// <summary>
    /// What became of a request by now. If it is to have ended, waits until it has; if it is to be live,
    /// until the server has noticed others that left later, unless it takes no others.
    /// </summary>
    internal async Task<string> FateAsync(Watched request, bool isAlone = false)
    {
        if (_expected.StartsWith(Watched.Live, StringComparison.Ordinal))
        {
            for (var i = 0; i < Controls && !isAlone; i++)
            {
                await ControlAsync();
            }
        }
        else
        {
            await WaitFor.Completion(request.Ended);
        }

        return request.Fate;
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(static client => client.Dispose());
        await _end.CancelAsync();
        await Server.DisposeAsync();
        _end.Dispose();
        Base.Dispose();
    }

    private void Configure(WebApplicationBuilder builder, Row row)
    {
        builder.Services.AddBaton(options =>
        {
            options.BaseContext = Base;
            row.Options?.Invoke(options);
        });
        if (row.Timeout is { } timeout)
        {
            builder.Services.AddRequestTimeouts(options =>
                options.DefaultPolicy = new RequestTimeoutPolicy { Timeout = timeout });
        }

        row.Configure?.Invoke(builder);
    }

    /// <summary>A client that leaves, and is seen to have left.</summary>
    private async Task ControlAsync()
    {
        using var client = await Wire.ConnectAsync(Server.Client.BaseAddress!.Port);
        await client.SendAsync("GET /control HTTP/1.1\r\nHost: localhost\r\n\r\n");
        var request = await WaitFor.Result(_controls.Reader.ReadAsync().AsTask());
        client.Close();
        await WaitFor.Completion(request.Ended);
        await request.ReturnAsync();
    }
}
