using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Baton.AspNetCore;

/// <summary>Stands before all middleware of the application, and gives each request its feature.</summary>
/// <remarks>
/// So middleware outside of <c>UseBaton()</c> that sets <c>HttpContext.RequestAborted</c> sets it here, where
/// the server's own token is still known: otherwise a client that leaves could not be told from a timeout of
/// that middleware. And a scope of services that such middleware makes will know the context.
/// </remarks>
internal sealed class RequestDoor(BatonServer server) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(rest => http =>
        {
            var ctx = RequestContext.At(http, server);
            var running = rest(http);
            if (!ctx.HasContext && running.IsCompleted)
            {
                // It never came to UseBaton().
                ctx.Offer();
            }

            return running;
        });
        next(app);
        server.StartChecks.ForEach(static check => check());
    };
}
