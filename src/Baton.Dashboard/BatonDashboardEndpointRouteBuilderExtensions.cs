using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Baton.Dashboard;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The page of requests among an application's endpoints.</summary>
public static class BatonDashboardEndpointRouteBuilderExtensions
{
    /// <summary>One for each application, whatever number of pages is mapped.</summary>
    private static readonly ConditionalWeakTable<IServiceProvider, Watch> s_watches = [];

    /// <summary>
    /// Maps a live page of the requests in flight: what each waits for, who set its deadline, and which of them go on
    /// although nobody waits for them any more.
    /// </summary>
    /// <remarks>
    /// <para>
    /// In Development a browser on this machine may see it, at localhost and without a proxy in between. Anywhere else the
    /// application does not start unless the page asks for authorization: write
    /// <c>app.MapBatonDashboard("/baton").RequireAuthorization("operators")</c>.
    /// </para>
    /// <para>
    /// Nothing is recorded before the page is first opened; then until five minutes after it was last closed. Up to 20
    /// pages may be open. <c>requests.json</c> below <paramref name="pattern"/> is the same for tools.
    /// </para>
    /// <para>For one thread, before the application starts.</para>
    /// </remarks>
    /// <param name="endpoints">The application, or a group of its endpoints.</param>
    /// <param name="pattern">The path of the page.</param>
    /// <param name="configure">Sets what the page may do. Null: it only shows.</param>
    /// <returns>For <c>RequireAuthorization</c>, and for whatever else all endpoints of the page are to have.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="endpoints"/> or <paramref name="pattern"/> is null.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// <c>AddBaton()</c> was not called. When the application starts: <c>UseBaton()</c> was not called, the page would be
    /// open to anybody, or what <see cref="BatonDashboardOptions.CancelPolicy"/> needs is missing.
    /// </exception>
    public static IEndpointConventionBuilder MapBatonDashboard(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern = "/baton",
        Action<BatonDashboardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var options = new BatonDashboardOptions();
        configure?.Invoke(options);
        var services = endpoints.ServiceProvider;
        var server = ServerInside.Of(services);
        var watch = s_watches.GetValue(services, _ => new Watch(
            server, services.GetService<IHostApplicationLifetime>()?.ApplicationStopped ?? CancellationToken.None));
        var environment = services.GetRequiredService<IWebHostEnvironment>();
        var guard = new AccessGuard(environment);
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(Baton.Dashboard.Log.Category);
        var door = options.CancelPolicy is { } policy ? new CancelDoor(policy, watch, logger) : null;
        server.CheckAtStart(() => CheckAtStart(server, services, guard, door));

        var pages = new Pages(watch, door, environment);
        var group = endpoints.MapGroup(pattern);
        pages.Map(group, guard, new EventStream(watch, logger));
        group.WithMetadata(
            DashboardEndpoint.Mark, new DisableRequestTimeoutAttribute(), new OutputCacheAttribute { NoStore = true });
        group.DisableHttpMetrics().ExcludeFromDescription();
        return group;
    }

    internal static Watch WatchOf(IServiceProvider services) =>
        s_watches.TryGetValue(services, out var watch)
            ? watch
            : throw new InvalidOperationException("No page is mapped.");

    private static void CheckAtStart(ServerInside server, IServiceProvider services, AccessGuard guard, CancelDoor? door)
    {
        if (!server.HasRequests)
        {
            throw new InvalidOperationException(
                "The page of requests would stay empty, because no request passes through UseBaton(). Call "
                + "app.UseBaton().");
        }

        guard.Check(services.GetRequiredService<EndpointDataSource>());
        door?.Check(services);
    }
}
