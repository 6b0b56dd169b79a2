using System.Net.Security;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Baton.Http.Tests;

/// <summary>
/// One Kestrel that is several hosts, by the names that this machine has for itself, and keeps each request as
/// it arrived.
/// </summary>
internal sealed class Hosts : IAsyncDisposable
{
    /// <summary>The headers of Baton in these tests.</summary>
    internal static readonly string[] Batons = ["grpc-timeout", "x-tenant"];

    private readonly List<Arrival> _arrivals = [];
    private WebApplication? _app;

    private Hosts()
    {
    }

    /// <summary>The host that the client is told to call; the only one that may be told values.</summary>
    internal Uri First { get; private set; } = null!;

    /// <summary>Another host, on the same port.</summary>
    internal Uri Second { get; private set; } = null!;

    /// <summary>The first host, over TLS.</summary>
    internal Uri Secure { get; private set; } = null!;

    /// <summary>The first host, over HTTP/2 without TLS.</summary>
    internal Uri Http2 { get; private set; } = null!;

    /// <summary>What answers.</summary>
    internal RequestDelegate Serve { get; set; } = static _ => Task.CompletedTask;

    /// <summary>The requests so far, in their order.</summary>
    internal Arrival[] Arrivals
    {
        get
        {
            lock (_arrivals)
            {
                return [.. _arrivals];
            }
        }
    }

    internal static async Task<Hosts> StartAsync()
    {
        var hosts = new Hosts();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.AllowAlternateSchemes = true;
            kestrel.ListenAnyIP(0, static endpoint => endpoint.Protocols = HttpProtocols.Http1);
            kestrel.ListenAnyIP(0, static endpoint => endpoint.UseHttps(Wire.Certificate));
            kestrel.ListenAnyIP(0, static endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        hosts._app = builder.Build();
        hosts._app.Run(hosts.ArriveAsync);
        await hosts._app.StartAsync(TestContext.Current.CancellationToken);
        var ports = hosts._app.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.Select(static address => new Uri(address).Port).ToArray();
        hosts.First = new Uri($"http://127.0.0.1:{ports[0]}/");
        hosts.Second = new Uri($"http://localhost:{ports[0]}/");
        hosts.Secure = new Uri($"https://127.0.0.1:{ports[1]}/");
        hosts.Http2 = new Uri($"http://127.0.0.1:{ports[2]}/");
        return hosts;
    }

    /// <summary>A handler at the end of a chain that believes the certificate of <see cref="Secure"/>.</summary>
    internal static SocketsHttpHandler Sockets() => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = static (_, shown, _, _) =>
                shown is not null && shown.GetRawCertData().SequenceEqual(Wire.Certificate.RawData),
        },
    };

    internal void Clear()
    {
        lock (_arrivals)
        {
            _arrivals.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A request that a test has left open must not hold up the end.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app!.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task ArriveAsync(HttpContext http)
    {
        var arrival = new Arrival(http.Request);
        lock (_arrivals)
        {
            _arrivals.Add(arrival);
        }

        await Serve(http);
    }

    /// <summary>A request as it arrived.</summary>
    internal sealed class Arrival(HttpRequest request)
    {
        internal string Line { get; } =
            $"{request.Method} {request.Scheme}://{request.Host}{request.Path}{request.QueryString} {request.Protocol}";

        internal string Host { get; } = request.Host.Host;

        internal string Path { get; } = request.Path;

        internal SortedDictionary<string, string> Headers { get; } = new(
            request.Headers.ToDictionary(static header => header.Key, static header => header.Value.ToString()),
            StringComparer.OrdinalIgnoreCase);

        internal string? this[string header] => Headers.GetValueOrDefault(header);
    }
}
