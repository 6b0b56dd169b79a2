using Microsoft.AspNetCore.Http;

namespace Baton.AspNetCore;

/// <summary>
/// Makes what a request's context is derived from: the server's context, with the values that the caller sends
/// and those that the application adds.
/// </summary>
internal sealed class RequestEdge(BatonServer server, ContextPropagation? propagation)
{
    internal Context Derive(HttpContext http, RequestContext request)
    {
        var ctx = CallerValues.Read(propagation, server.Context, http);
        if (server.Options.ConfigureContext is not { } configure)
        {
            return ctx;
        }

        request.AskedBy = EarlyOption.ConfigureContext;
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
                "BatonOptions.ConfigureContext returns the context that it is given as its second argument, or one derived "
                + $"from it, not {configured?.ToString() ?? "null"}: (http, ctx) => ctx.WithValue(key, value).");
        }
        catch (Exception e)
        {
            Log.ConfigureContextFailed(server.Logger, e);
            return ctx;
        }
        finally
        {
            request.AskedBy = EarlyOption.None;
        }
    }
}
