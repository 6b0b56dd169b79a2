using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Baton.AspNetCore;

/// <summary>SignalR's handler of connections, which gives each a context for as long as it lasts.</summary>
internal sealed class HubContextHandler<
    [DynamicallyAccessedMembers(
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicMethods)]
THub>(
    HubLifetimeManager<THub> lifetimeManager,
    IHubProtocolResolver protocolResolver,
    IOptions<HubOptions> globalHubOptions,
    IOptions<HubOptions<THub>> hubOptions,
    ILoggerFactory loggerFactory,
    IUserIdProvider userIdProvider,
    IServiceScopeFactory serviceScopeFactory,
    BatonServer server,
    IHostApplicationLifetime application)
    : HubConnectionHandler<THub>(
        lifetimeManager, protocolResolver, globalHubOptions, hubOptions, loggerFactory, userIdProvider,
        serviceScopeFactory)
    where THub : Hub
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var request = HubFlow.Request;
        var http = connection.Features.Get<IHttpContextFeature>()?.HttpContext;
        if (http is not null && request is null)
        {
            // The hub is not behind UseBaton(). Code that asks for a context is told so.
            await base.OnConnectedAsync(connection).ConfigureAwait(false);
            return;
        }

        var own = new HubConnection(server, request, application.ApplicationStopping);
        if (http is not null && RequestContext.Find(http) is null)
        {
            // A connection that polls has a copy of its first request, which belongs to no request.
            http.Features.Set<IHttpRequestLifetimeFeature>(new GivenContext(own.Context));
        }

        HubFlow.Enter(own);
        try
        {
            await base.OnConnectedAsync(connection).ConfigureAwait(false);
        }
        finally
        {
            own.End(ClientDisconnectedException.ByClient(errorCode: null));
        }
    }
}
