using Microsoft.AspNetCore.Http;

namespace Baton.AspNetCore;

/// <summary>How a watcher follows the request.</summary>
internal sealed partial class RequestContext
{
    internal override string? Route => Plan.Route;

    internal override bool IsHub => Plan.IsHub;

    internal override Endpoint? Endpoint => Plan.Endpoint;

    internal override WatchedRequest? Watched => Volatile.Read(ref _extras)?.Watched;

    /// <inheritdoc />
    /// <remarks>
    /// For a context that stands among the children of <see cref="BatonServer.Context"/>, so that it belongs to its
    /// request for ever.
    /// </remarks>
    internal override bool TryFollow(WatchedRequest watched, WatchedRequest? before) =>
        Interlocked.CompareExchange(ref Rare.Watched, watched, before) == before;

    private void BeWatched(RequestWatcher watcher)
    {
        LookFirst();
        if (watcher.Began(this, _http) is { } watched && !TryFollow(watched, before: null))
        {
            // The watcher has found the request among the children of the server's context at the same time.
            watched.Forget();
        }
    }
}
