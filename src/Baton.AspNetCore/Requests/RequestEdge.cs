using Microsoft.AspNetCore.Http;

namespace Baton.AspNetCore;

/// <summary>
/// Makes what a request's context is derived from: the server's context, with the values that the caller sends
/// and those that the application adds.
/// </summary>
internal sealed class RequestEdge(BatonServer server, ContextPropagation? propagation)
{
    internal Context Derive(HttpContext http)
    {
        var ctx = CallerValues.Read(propagation, server.Context, http);
        if (server.Options.ConfigureContext is not { } configure)
        {
            return ctx;
        }

        try
        {
            var configured = configure(http, ctx);
            for (var above = configured; above is not null; above = above.Parent)
            {
                if (above == server.Context)
                {
                    return configured;
                }
            }

            throw new InvalidOperationException(
                "ConfigureContext returns the context that it is given, or one derived from it, not "
                + $"{configured?.ToString() ?? "null"}.");
        }
        catch (Exception e)
        {
            Log.ConfigureContextFailed(server.Logger, e);
            return ctx;
        }
    }
}
