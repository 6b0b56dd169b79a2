using System.Net;
using Microsoft.AspNetCore.TestHost;

namespace Baton.AspNetCore.Tests;

/// <summary>A server whose requests a test ends, each by the cause that it names.</summary>
internal sealed class EndedServer : IAsyncDisposable
{
    internal static readonly string[] Causes = ["deadline", "stop", "base context", "caller", "middleware"];

    internal static readonly string[] Protocols = ["1.1", "2.0", "TestServer"];

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    private readonly ArmedClock _clock = new();
    private readonly CancelableContext _root;
    private readonly string _cause;
    private readonly string _protocol;
    private WebApplication _app = null!;
    private LogsClean _logs = null!;

    private EndedServer(string cause, string protocol)
    {
        (_cause, _protocol) = (cause, protocol);
        _root = Context.Root(_clock).WithCancel();
    }

    internal HttpClient Client { get; private set; } = null!;

    internal Writers.Gate Gate => _app.Services.GetRequiredService<Writers.Gate>();

    internal string[] Logs => _logs.Entries;

    /// <param name="cause">One of <see cref="Causes"/>.</param>
    /// <param name="protocol">One of <see cref="Protocols"/>.</param>
    /// <param name="map">The handlers; without it those of <see cref="Writers"/>.</param>
    /// <param name="outside">Middleware before <c>UseBaton()</c>.</param>
    /// <param name="inside">Middleware after it.</param>
    /// <param name="configure">Services.</param>
    internal static async Task<EndedServer> StartAsync(
        string cause, string protocol = "1.1", Action<WebApplication>? map = null,
        Action<WebApplication>? outside = null, Action<WebApplication>? inside = null,
        Action<WebApplicationBuilder>? configure = null)
    {
        var server = new EndedServer(cause, protocol) { _logs = new LogsClean(expectedError: null) };
        var builder = Server.Builder(server._logs);
        builder.Services.AddBaton(options =>
        {
            options.BaseContext = server._root;
            if (cause == "deadline")
            {
                options.Timeout = s_timeout;
            }
        });
        Writers.AddTo(builder);
        configure?.Invoke(builder);
        if (protocol == "TestServer")
        {
            builder.WebHost.UseTestServer();
        }
        else if (protocol == "2.0")
        {
            Server.OverHttp2(builder);
        }

        var app = server._app = builder.Build();
        outside?.Invoke(app);
        app.UseBaton();
        if (cause == "middleware")
        {
            app.Use(async (http, next) =>
            {
                using var own = http.RequestContext.WithTimeout(s_timeout);
                http.RequestContext = own;
                await next(http);
            });
        }

        inside?.Invoke(app);
        (map ?? Writers.Map)(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        server.Client = protocol == "TestServer"
            ? app.GetTestClient()
            : new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        return server;
    }

    /// <summary>Sends a request, and waits for the headers of its response.</summary>
    internal Task<HttpResponseMessage> SendAsync(
        string path, HttpMethod? method = null, HttpContent? content = null, string? encoding = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, path)
        {
            Content = content,
            Version = _protocol == "2.0" ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (_cause == "caller")
        {
            request.Headers.Add("grpc-timeout", "2S");
        }

        if (encoding is not null)
        {
            request.Headers.Add("Accept-Encoding", encoding);
        }

        return Client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a request, ends it when its handler runs, and gives the response.</summary>
    internal async Task<HttpResponseMessage> SendAndEndAsync(string path, string? encoding = null)
    {
        var running = SendAsync(path, encoding: encoding);
        await WaitFor.Result(Gate.Given.Task);
        End();
        return await WaitFor.Result(running);
    }

    internal void End()
    {
        switch (_cause)
        {
            case "stop":
                _app.Services.GetRequiredService<BatonServer>().End(new ServerShutdownException());
                break;
            case "base context":
                _root.Cancel(new InvalidOperationException("maintenance"));
                break;
            default:
                _clock.Advance(s_timeout);
                break;
        }
    }

    /// <summary>The status of a response that Baton writes.</summary>
    internal int Status => _cause is "stop" or "base context" ? 503 : 504;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using (var atOnce = new CancellationTokenSource())
        {
            await atOnce.CancelAsync();
            await _app.StopAsync(atOnce.Token);
        }

        await _app.DisposeAsync();
        _root.Dispose();
        _logs.AssertClean();
    }
}
