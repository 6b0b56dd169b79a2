namespace Baton.AspNetCore;

/// <summary>The context of one connection of SignalR, parent of those of its calls.</summary>
/// <remarks>
/// It is made when the connection starts, with the values that the request has which started it, and holds on
/// to nothing else of that request: a connection outlives the request where it polls or reconnects.
/// </remarks>
[ContextCarrier]
internal sealed class HubConnection
{
    private readonly BatonServer _server;
    private readonly CancelableContext _context;
    private readonly CancellationToken _stopping;
    private CancellationToken _aborted;

    /// <param name="server">What all connections share.</param>
    /// <param name="request">The request that starts it; null if there is no HTTP below the hub.</param>
    /// <param name="stopping">
    /// Canceled before SignalR closes all connections because the server stops.
    /// </param>
    internal HubConnection(BatonServer server, RequestContext? request, CancellationToken stopping)
    {
        (_server, _stopping) = (server, stopping);
        var values = request?.ValueSource ?? server.Context;
        _context = values == server.Context
            ? values.WithCancel()
            : values.WithoutCancel().WithCancel(server.Context);
        _context.Keep();
    }

    internal Context Context => _context;

    /// <summary>What all connections share.</summary>
    internal BatonServer Server => _server;

    /// <summary>Whether SignalR has given the connection up.</summary>
    internal bool IsAborted => _aborted.IsCancellationRequested;

    /// <summary>A context for one call, which the call ends.</summary>
    internal HubCallContext Derive(HubCall call)
    {
        var derived = new HubCallContext(_context, call);
        _context.Adopt(derived);
        return derived;
    }

    /// <summary>Lets SignalR's token end the context.</summary>
    internal void Watch(CancellationToken aborted)
    {
        _aborted = aborted;
        aborted.UnsafeRegister(static state => ((HubConnection)state!).OnAborted(), this);
    }

    /// <summary>
    /// Called when SignalR has given the connection up, in the flow of control that did so.
    /// </summary>
    internal void OnAborted() => End(HubFlow.Call is null
        ? ClientDisconnectedException.ByClient(errorCode: null)
        : new RequestAbortedException());

    /// <summary>
    /// Ends the context. At a stop SignalR closes the connections at once, but their calls have the grace:
    /// then the server's context ends this one when the grace is over.
    /// </summary>
    internal void End(Exception cause)
    {
        if (!_stopping.IsCancellationRequested)
        {
            _context.Cancel(cause);
        }
    }
}
