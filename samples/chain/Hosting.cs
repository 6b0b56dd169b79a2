using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Chain;

/// <summary>
/// What the three have in common: a port of their own, any that is free, and no log beside the timeline.
/// </summary>
internal static class Hosting
{
    internal static WebApplicationBuilder Builder(HttpProtocols protocols = HttpProtocols.Http1AndHttp2)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocols));
        return builder;
    }
}
