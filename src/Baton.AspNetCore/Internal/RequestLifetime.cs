using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Baton.AspNetCore;

/// <summary>The context of one request and what ends it. A feature of the request.</summary>
internal sealed class RequestLifetime
{
    private readonly BatonServer _server;
    private readonly CancelableContext? _context;
    private CancellationTokenRegistration _disconnect;
    private volatile bool _isOver;

    /// <summary>The mark of a request that may ask, and has not. One for all of them, so that it costs nothing.</summary>
    internal RequestLifetime(BatonServer server) => _server = server;

    private RequestLifetime(BatonServer server, HttpContext http)
    {
        _server = server;
        _context = Configure(server, http).WithCancel();
    }

    internal Context Context => _context!;

    /// <summary>Whether it is only a mark.</summary>
    internal bool IsMark => _context is null;

    /// <summary>Whether the handler has returned.</summary>
    internal bool IsOver => _isOver;

    /// <summary>The lifetime of a request, which starts now if nobody has asked before.</summary>
    internal static RequestLifetime Of(HttpContext http)
    {
        var found = http.Features.Get<RequestLifetime>() ?? throw new InvalidOperationException(
            "A request has a context once it has come by UseBaton(). Call app.UseBaton() before what uses the context.");
        if (!found.IsMark)
        {
            return found;
        }

        var fresh = new RequestLifetime(found._server, http);
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
        if (!_context!.IsDone)
        {
            _context.Cancel(new RequestCompletedException());
        }
    }

    /// <summary>What the request's context is derived from: the server's, with the application's values.</summary>
    private static Context Configure(BatonServer server, HttpContext http)
    {
        if (server.Options.ConfigureContext is not { } configure)
        {
            return server.Context;
        }

        try
        {
            var configured = configure(http, server.Context);
            return configured is not null ? configured : throw new InvalidOperationException(
                "BatonOptions.ConfigureContext returned null. Return the context that it is given, or one derived from it.");
        }
        catch (Exception e)
        {
            Log.ConfigureContextFailed(http.RequestServices.GetRequiredService<ILogger<BatonServer>>(), e);
            return server.Context;
        }
    }

    private void Watch(HttpContext http)
    {
        // If the client has left already this calls back at once.
        _disconnect = http.RequestAborted.UnsafeRegister(
            static state => ((RequestLifetime)state!)._context!.Cancel(new ClientDisconnectedException()), this);

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
