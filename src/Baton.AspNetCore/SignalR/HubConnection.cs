using Microsoft.AspNetCore.Http;

namespace Baton.AspNetCore;

/// <summary>The context of one connection of SignalR, for whoever works for it.</summary>
/// <remarks>
/// A hub is made in a scope of its own for each call, and such a scope knows nothing of its connection. So
/// the request of a hub, and no other, carries its connection along with the flow of control.
/// </remarks>
[ContextCarrier]
internal sealed class HubConnection
{
    private static readonly AsyncLocal<HubConnection?> s_current = new();

    private readonly Lazy<Context> _context;

    private HubConnection(HttpContext http, RequestPlan plan) =>
        _context = new Lazy<Context>(() =>
            IsOneRequest(http) ? http.RequestContext : OfPolls(http, plan));

    internal static HubConnection? Current => s_current.Value;

    /// <summary>
    /// The connection's context: that of its request, unless it polls, and so outlives each of its requests.
    /// </summary>
    internal Context Context => _context.Value;

    internal static Task Run(HttpContext http, RequestPlan plan, RequestDelegate next)
    {
        s_current.Value = new HubConnection(http, plan);
        try
        {
            return next(http);
        }
        finally
        {
            // The server goes on from here to the connection's next request.
            s_current.Value = null;
        }
    }

    /// <summary>Ends the context of a connection that polls; another one's ends with its request.</summary>
    internal void End(Exception cause)
    {
        if (_context is { IsValueCreated: true, Value: CancelableContext { IsDone: false } polling })
        {
            polling.Cancel(cause);
        }
    }

    private static CancelableContext OfPolls(HttpContext http, RequestPlan plan)
    {
        var polling = plan.Server.Configure(http).WithCancel();
        polling.Keep();
        return polling;
    }

    /// <summary>Web sockets, also over HTTP/2, and server-sent events.</summary>
    private static bool IsOneRequest(HttpContext http) =>
        HttpMethods.IsConnect(http.Request.Method)
        || http.Request.Headers.Upgrade.Count > 0
        || http.Request.Headers.Accept.ToString().Contains(
            "text/event-stream", StringComparison.OrdinalIgnoreCase);
}
