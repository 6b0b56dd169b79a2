using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Baton.Hops;

/// <summary>A server of a chain, on a port of its own.</summary>
internal static class Hop
{
    internal static async Task<WebApplication> StartAsync(
        HttpProtocols protocols, Action<WebApplicationBuilder> configure, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocols));
        configure(builder);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return app;
    }

    /// <summary>What makes a client speak HTTP/2 to a server without TLS.</summary>
    internal static void OverHttp2(HttpClient client) =>
        (client.DefaultRequestVersion, client.DefaultVersionPolicy) =
            (System.Net.HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
}
