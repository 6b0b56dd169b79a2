using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.AspNetCore;

/// <summary>
/// Marks a request as one that may ask for its context, and ends the context when the handler has returned.
/// </summary>
/// <remarks>
/// <para>
/// A request that never asks is to cost nothing, so there is no state machine around it: the task of the rest
/// of the pipeline is passed on as it is. A request has asked if its endpoint takes a <see cref="Context"/>,
/// which its metadata says, or if the context has started by the time the task is there. Then the end of the
/// task ends the context. A request that asks later, between two awaits, is ended by the server's own
/// callback, when it has sent the answer.
/// </para>
/// <para>
/// A parameter is bound through the request's services, because that is what both kinds of minimal API, made
/// at run time or by the source generator, do with the type of a service; and neither takes it for the body
/// then. The binder of a parameter's own type would be a member of <see cref="Context"/>, which knows nothing
/// of HTTP.
/// </para>
/// </remarks>
internal sealed class BatonMiddleware(RequestDelegate next, BatonServer server)
{
    private readonly RequestLifetime _notAsked = new(server);

    internal Task InvokeAsync(HttpContext http)
    {
        var lifetime = http.Features.Get<RequestLifetime>();
        if (lifetime is null or { IsOver: true })
        {
            // One that is over belongs to an earlier run of the pipeline: this one answers for its error.
            http.Features.Set(_notAsked);
        }
        else if (!lifetime.IsMark)
        {
            // There are two of this middleware, and the outer one sees to it.
            return next(http);
        }

        using var watch = new RequestWatch(http);
        try
        {
            if (TakesContext(http))
            {
                http.RequestServices.GetRequiredService<RequestContextSlot>().Context = RequestLifetime.Of(http).Context;
            }

            var running = next(http);
            return RequestWatch.Started is { } started ? CompleteAfterAsync(running, started) : running;
        }
        catch
        {
            RequestWatch.Started?.Complete();
            throw;
        }
    }

    private static bool TakesContext(HttpContext http)
    {
        if (http.GetEndpoint() is { } endpoint)
        {
            // The collection keeps the answer; the loop over it allocates nothing.
            var parameters = endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>();
            for (var i = 0; i < parameters.Count; i++)
            {
                if (parameters[i].ParameterInfo.ParameterType == typeof(Context))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static async Task CompleteAfterAsync(Task running, RequestLifetime lifetime)
    {
        try
        {
            await running.ConfigureAwait(false);
        }
        finally
        {
            lifetime.Complete();
        }
    }
}
