using Microsoft.AspNetCore.Http;

namespace Baton.AspNetCore;

/// <summary>The context of one request and what ends it. A feature of the request.</summary>
internal sealed class RequestLifetime
{
    /// <summary>
    /// Marks a request that may ask, and has not. One for all of them, so that it costs nothing.
    /// </summary>
    internal static RequestLifetime NotAsked { get; } = new();

    private readonly CancelableContext _context = Context.Background.WithCancel();
    private CancellationTokenRegistration _disconnect;
    private volatile bool _isOver;

    private RequestLifetime()
    {
    }

    internal Context Context => _context;

    /// <summary>Whether the handler has returned.</summary>
    internal bool IsOver => _isOver;

    /// <summary>The lifetime of a request, which starts now if nobody has asked before.</summary>
    internal static RequestLifetime Of(HttpContext http)
    {
        var found = http.Features.Get<RequestLifetime>() ?? throw new InvalidOperationException(
            "A request has a context once it has come by UseBaton(). Call app.UseBaton() before what uses the context.");
        if (found != NotAsked)
        {
            return found;
        }

        var fresh = new RequestLifetime();
        http.Features.Set(fresh);
        fresh.Watch(http);
        RequestWatch.OnStarted(http, fresh);
        return fresh;
    }

    /// <summary>Ends the context, because the handler has returned.</summary>
    internal void Complete()
    {
        _isOver = true;

        // The server may keep the token for the next request of the connection.
        _disconnect.Unregister();
        if (!_context.IsDone)
        {
            _context.Cancel(new RequestCompletedException());
        }
    }

    private void Watch(HttpContext http)
    {
        // If the client has left already this calls back at once.
        _disconnect = http.RequestAborted.UnsafeRegister(
            static state => ((RequestLifetime)state!)._context.Cancel(new ClientDisconnectedException()), this);

        // For the requests whose end the middleware does not see; see there. After it, this changes nothing.
        http.Response.OnCompleted(
            static state =>
            {
                ((RequestLifetime)state).Complete();
                return Task.CompletedTask;
            },
            this);
    }
}
