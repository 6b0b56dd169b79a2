using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Baton.AspNetCore;

/// <summary>
/// Says once, when a request shows it, that the application's pipeline is in an order in which something has
/// no effect.
/// </summary>
internal sealed class PipelineAdvice(BatonServer server)
{
    private int _saidTimeouts;
    private int _saidRouting;
    private int _saidDisconnect;

    /// <summary>Whether the application has called <c>UseBaton()</c>: only then is there advice to give.</summary>
    internal bool IsUsed { get; set; }

    /// <summary>
    /// Middleware has set <see cref="HttpContext.RequestAborted"/>. That of <c>UseRequestTimeouts()</c> has
    /// set its own feature before.
    /// </summary>
    internal void OnTokenSet(HttpContext http)
    {
        if (IsUsed && Volatile.Read(ref _saidTimeouts) == 0
            && http.Features[typeof(IHttpRequestTimeoutFeature)] is { } feature and not RequestContext
            && feature.GetType().Assembly == typeof(IHttpRequestTimeoutFeature).Assembly
            && Interlocked.Exchange(ref _saidTimeouts, 1) == 0)
        {
            Log.RequestTimeoutsBeside(server.Logger);
        }
    }

    /// <summary>
    /// A request had no endpoint when it came to <c>UseBaton()</c>, and the rest of the pipeline ran.
    /// </summary>
    internal void OnUnrouted(HttpContext http, RequestPlan plan)
    {
        if (Volatile.Read(ref _saidRouting) == 0
            && http.GetEndpoint() is { } endpoint
            && IsIgnored(server.Plans.Of(endpoint), plan)
            && Interlocked.Exchange(ref _saidRouting, 1) == 0)
        {
            Log.BeforeRouting(server.Logger, endpoint.DisplayName);
        }
    }

    /// <summary>
    /// The status is that of a client that left, but the client is there: the exception handlers of ASP.NET Core set it
    /// for an <see cref="OperationCanceledException"/> and for any <see cref="IOException"/>, without a word in the log.
    /// </summary>
    internal void OnTakenForDisconnect()
    {
        if (Volatile.Read(ref _saidDisconnect) == 0 && Interlocked.Exchange(ref _saidDisconnect, 1) == 0)
        {
            Log.EndTakenForDisconnect(server.Logger);
        }
    }

    /// <summary>Why a request has no context, and what to do about it.</summary>
    internal static string NotThrough(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        var name = endpoint?.DisplayName ?? http.Request.Path;

        // The type of the metadata that ShortCircuit() adds is not public.
        return endpoint?.Metadata.Any(static one => one.GetType().Name == "ShortCircuitMetadata") == true
            ? $"Request '{name}' is short-circuited: routing runs it before UseBaton(), so it has no context. "
                + "Remove .ShortCircuit() from the endpoint, or call app.UseBaton() before app.UseRouting()."
            : $"Request '{name}' did not pass through UseBaton(), so it has no context. Call app.UseBaton() "
                + "before whatever uses the context.";
    }

    /// <summary>
    /// Why a request has no context while one of the options' functions, which run before it has one, is asked.
    /// </summary>
    internal static string NotYet(EarlyOption option) => option == EarlyOption.ConfigureContext
        ? "BatonOptions.ConfigureContext makes what the request's context is derived from, so HttpContext.RequestContext "
            + "does not exist yet. Use the context that the function is given as its second argument, and return it or "
            + "one derived from it: options.ConfigureContext = (http, ctx) => ctx.WithValue(key, value)."
        : $"BatonOptions.{option} is asked before the request has a context, because the deadline of the context depends "
            + "on it. Decide by the request itself: its headers, its connection or its user.";

    /// <summary>Whether the endpoint says something that a request without endpoint does not get.</summary>
    private static bool IsIgnored(RequestPlan endpoints, RequestPlan used) =>
        endpoints.IsHub
        || endpoints.Responses.Count > 0
        || endpoints.Fault is not null
        || endpoints.Timeout?.Timeout != used.Timeout?.Timeout;
}
