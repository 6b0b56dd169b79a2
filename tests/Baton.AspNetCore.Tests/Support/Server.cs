using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Baton.AspNetCore.Tests;

/// <summary>
/// An application on Kestrel, on a free port of this machine. Fails the test if it logged a warning or worse.
/// </summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly LogsClean _logs;

    private Server(WebApplication app, LogsClean logs)
    {
        (_app, _logs) = (app, logs);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    internal HttpClient Client { get; }

    internal IServiceProvider Services => _app.Services;

    /// <summary>What Baton has logged, and others at level Warning and above.</summary>
    internal string[] Logs => _logs.Entries;

    /// <summary>An application with <c>UseBaton()</c> in its usual place.</summary>
    internal static Task<Server> StartAsync(
        Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null,
        string? expectedError = null) =>
        StartBareAsync(
            app =>
            {
                app.UseBaton();
                map(app);
            },
            configure,
            expectedError);

    internal static async Task<Server> StartBareAsync(
        Action<WebApplication> build, Action<WebApplicationBuilder>? configure = null,
        string? expectedError = null)
    {
        var logs = new LogsClean(expectedError);
        var builder = Builder(logs);

        // On a machine that is busy with something else any handler may go on for a while.
        builder.Services.AddBaton(static options => options.OverrunWarning = Timeout.InfiniteTimeSpan);
        configure?.Invoke(builder);
        var app = builder.Build();
        build(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new Server(app, logs);
    }

    internal static WebApplicationBuilder Builder(LogsClean? logs = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Host.UseDefaultServiceProvider(static services =>
            services.ValidateScopes = services.ValidateOnBuild = true);
        KeysInMemory.Use(builder.Services);
        builder.Logging.ClearProviders();
        if (logs is not null)
        {
            builder.Logging.AddProvider(logs);
            builder.Logging.AddFilter(nameof(Baton), LogLevel.Debug);
        }

        return builder;
    }

    /// <summary>An application whose requests run on a clock of the test's.</summary>
    internal static Task<Server> StartAsync(
        TimeProvider clock, Action<WebApplication> map, Action<BatonOptions>? options = null,
        Action<WebApplicationBuilder>? configure = null) =>
        StartAsync(map, builder =>
        {
            builder.Services.AddBaton(baton =>
            {
                baton.BaseContext = Context.Root(clock);
                options?.Invoke(baton);
            });
            configure?.Invoke(builder);
        });

    internal static void OverHttp2(WebApplicationBuilder builder) => builder.WebHost.ConfigureKestrel(
        static kestrel =>
            kestrel.ConfigureEndpointDefaults(static endpoint => endpoint.Protocols = HttpProtocols.Http2));

    /// <summary>
    /// A client that has sent a request and has read nothing. It leaves when the socket is disposed.
    /// </summary>
    internal Task<Socket> AskAsync(string path) =>
        SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    /// <summary>A client that has sent this text and has read nothing.</summary>
    internal async Task<Socket> SendAsync(string text)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
        };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Client.BaseAddress!.Port));
        await socket.SendAsync(Encoding.ASCII.GetBytes(text));
        return socket;
    }

    /// <summary>
    /// Stops it as a host does, which waits until <paramref name="limit"/> for the requests that run.
    /// </summary>
    internal Task StopAsync(CancellationToken limit = default) => _app.StopAsync(limit);

    /// <summary>Waits until it takes no new connection.</summary>
    internal Task RefusesAsync() => WaitFor.True(() =>
    {
        try
        {
            using var probe = new TcpClient();
            probe.Connect(IPAddress.Loopback, Client.BaseAddress!.Port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    });

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using (var atOnce = new CancellationTokenSource())
        {
            await atOnce.CancelAsync();
            await _app.StopAsync(atOnce.Token);
        }

        await _app.DisposeAsync();
        _logs.AssertClean();
    }
}
