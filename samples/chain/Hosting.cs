using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Chain;

/// <summary>
/// What the three have in common: ports of their own, any that are free, a page of their requests, and no log beside the
/// timeline.
/// </summary>
internal static class Hosting
{
    private const string Page = "/baton";

    /// <summary>The application of this name, with an endpoint for each of the protocols.</summary>
    internal static WebApplicationBuilder Builder(string who, params HttpProtocols[] protocols)
    {
        // A sample is run by a developer. Elsewhere the page of requests would have to ask for authorization.
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Environment.ApplicationName = who;
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var spoken in protocols)
            {
                kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = spoken);
            }
        });
        return builder;
    }

    /// <summary>Starts the application, and says where its page is: browsers speak the protocol of the last endpoint.</summary>
    internal static async Task StartWithPageAsync(this WebApplication app)
    {
        app.MapBatonDashboard(Page);
        await app.StartAsync();
        Console.Error.WriteLine($"dashboard of {app.Environment.ApplicationName}: {app.Urls.Last()}{Page}");
    }
}
