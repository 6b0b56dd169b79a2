using Microsoft.AspNetCore.Http;

namespace Baton.AspNetCore;

/// <summary>The call of a hub, or the connection of SignalR, that the running code belongs to.</summary>
/// <remarks>
/// SignalR makes a scope of services for each call, and such a scope knows nothing of its connection. So the
/// connection goes along with the flow of control: from the request that starts it to the handler of the
/// connection, and from there to the calls.
/// </remarks>
[ContextCarrier]
internal static class HubFlow
{
    /// <summary>A request that may start a connection, then the connection, then one of its calls.</summary>
    private static readonly AsyncLocal<object?> s_current = new();

    /// <summary>The request that starts a connection, until the connection has its context.</summary>
    internal static RequestContext? Request => s_current.Value as RequestContext;

    /// <summary>The connection, where no call of it runs: in SignalR's own code.</summary>
    internal static HubConnection? Connection => s_current.Value as HubConnection;

    /// <summary>The call that runs.</summary>
    internal static HubCall? Call => s_current.Value as HubCall;

    /// <summary>The context of the call, else that of the connection; null outside of hubs.</summary>
    internal static Context? Context => s_current.Value switch
    {
        HubCall call => call.Context,
        HubConnection connection => connection.Context,
        _ => null,
    };

    /// <summary>Runs a request of a hub's endpoint.</summary>
    internal static Task Run(HttpContext http, RequestContext request, RequestDelegate next)
    {
        // Only these start a connection. The others negotiate, send to a connection, or end it.
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsConnect(http.Request.Method))
        {
            return next(http);
        }

        // The connection takes the values later, perhaps after the request. Look at the context now: a context
        // that was looked at belongs to its request for ever, and any other could be another user's by then.
        request.Look();
        s_current.Value = request;
        try
        {
            return next(http);
        }
        finally
        {
            // The server goes on from here to the next request on the same network connection.
            s_current.Value = null;
        }
    }

    /// <summary>
    /// Sets the connection that the rest of an asynchronous method belongs to, and all that the method starts.
    /// </summary>
    internal static void Enter(HubConnection connection) => s_current.Value = connection;

    /// <inheritdoc cref="Enter(HubConnection)" />
    internal static void Enter(HubCall call) => s_current.Value = call;
}
