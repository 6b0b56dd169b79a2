using Microsoft.AspNetCore.Http;

namespace Baton.AspNetCore;

/// <summary>
/// Tells the middleware, on its own thread, that the request it is running has asked for its context.
/// </summary>
/// <remarks>
/// The middleware cannot look at the request for it: once the rest of the pipeline has returned a task that
/// is not complete, the request is in another thread's hands, and <see cref="HttpContext"/> is for one thread
/// at a time. What is asked for before that happens on the middleware's own thread, and is noted here.
/// </remarks>
internal ref struct RequestWatch
{
    [ThreadStatic]
    private static HttpContext? t_running;

    [ThreadStatic]
    private static RequestContext? t_started;

    private readonly HttpContext? _outerRunning;
    private readonly RequestContext? _outerStarted;

    /// <summary>Starts watching. A server that calls another one on the same thread nests watches.</summary>
    internal RequestWatch(HttpContext http)
    {
        (_outerRunning, _outerStarted) = (t_running, t_started);
        (t_running, t_started) = (http, null);
    }

    /// <summary>The context that has started since the innermost watch began; null if none has.</summary>
    internal static RequestContext? Started => t_started;

    /// <summary>
    /// Notes a context that starts. False if the middleware is not running the request here.
    /// </summary>
    internal static bool TryNote(HttpContext http, RequestContext ctx)
    {
        // Somebody else's request may go on here for a while, as the continuation of something this one
        // completed.
        if (t_running != http)
        {
            return false;
        }

        t_started = ctx;
        return true;
    }

    public readonly void Dispose() => (t_running, t_started) = (_outerRunning, _outerStarted);
}
