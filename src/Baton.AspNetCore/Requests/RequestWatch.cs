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
internal readonly ref struct RequestWatch
{
    [ThreadStatic]
    private static Notes? t_notes;

    private readonly Notes _notes;
    private readonly HttpContext? _outerRunning;
    private readonly RequestContext? _outerStarted;

    /// <summary>Starts watching. A server that calls another one on the same thread nests watches.</summary>
    internal RequestWatch(HttpContext http)
    {
        _notes = t_notes ??= new Notes();
        _outerRunning = _notes.Running;
        _notes.Running = http;
        if (_outerRunning is not null)
        {
            (_outerStarted, _notes.Started) = (_notes.Started, null);
        }
    }

    /// <summary>The context that has started since this watch began; null if none has.</summary>
    internal RequestContext? Started => _notes.Started;

    /// <summary>
    /// Notes a context that starts. False if the middleware is not running the request here.
    /// </summary>
    internal static bool TryNote(HttpContext http, RequestContext ctx)
    {
        // Somebody else's request may go on here for a while, as the continuation of something this one
        // completed.
        if (t_notes is not { } notes || notes.Running != http)
        {
            return false;
        }

        notes.Started = ctx;
        return true;
    }

    public void Dispose()
    {
        _notes.Running = _outerRunning;
        if (_notes.Started != _outerStarted)
        {
            _notes.Started = _outerStarted;
        }
    }

    /// <summary>
    /// What one thread is at. In an object, because that is found once for all of a request.
    /// </summary>
    [ContextCarrier]
    private sealed class Notes
    {
        internal HttpContext? Running { get; set; }

        /// <summary>Null while nothing is running.</summary>
        internal RequestContext? Started { get; set; }
    }
}
