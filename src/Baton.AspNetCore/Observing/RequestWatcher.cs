using Microsoft.AspNetCore.Http;

namespace Baton.AspNetCore;

/// <summary>
/// Is told of each request, and of each call of a hub, that begins while somebody watches: see
/// <see cref="BatonServer.Watcher"/>.
/// </summary>
/// <remarks>
/// A watched request looks at its context at once, so that it stands among the children of
/// <see cref="BatonServer.Context"/>, and its object is never used for another request.
/// </remarks>
internal abstract class RequestWatcher
{
    /// <summary>A request has begun. Called on the request's thread, which waits for it.</summary>
    /// <param name="ctx">Its context.</param>
    /// <param name="http">
    /// The request, for reading during this call. The server uses the object for other requests afterwards.
    /// </param>
    /// <returns>What is told of the request's end; null to be told nothing.</returns>
    internal abstract WatchedRequest? Began(RequestContext ctx, HttpContext http);

    /// <summary>A call of a hub is about to run. Called on its thread, which waits for it.</summary>
    /// <param name="ctx">Its context.</param>
    /// <returns>What is told of the call's end; null to be told nothing.</returns>
    internal abstract WatchedRequest? Began(HubCallContext ctx);
}

/// <summary>One request, or one call of a hub, that is watched.</summary>
internal abstract class WatchedRequest
{
    /// <summary>
    /// The handler has returned, and its context has not been ended because of that. Called on the request's thread,
    /// which waits for it.
    /// </summary>
    internal abstract void Ended();

    /// <summary>The request is followed already, by another of these.</summary>
    internal abstract void Forget();
}
