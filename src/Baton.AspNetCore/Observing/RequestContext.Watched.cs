namespace Baton.AspNetCore;

/// <summary>How a watcher follows the request.</summary>
internal sealed partial class RequestContext
{
    /// <summary>What a watcher knows of the request; null if it is not watched.</summary>
    internal WatchedRequest? Watched => Volatile.Read(ref _extras)?.Watched;

    /// <summary>Lets a watcher follow the request, in the place of a watcher that has left.</summary>
    /// <remarks>
    /// For a context that stands among the children of <see cref="BatonServer.Context"/>, so that it belongs to its
    /// request for ever. The request may end on its own thread meanwhile, and not tell <paramref name="watched"/>: look
    /// at <see cref="IsOver"/> afterwards, and again now and then.
    /// </remarks>
    /// <param name="watched">What is told of the end.</param>
    /// <param name="before">What <see cref="Watched"/> gave; null if nothing followed.</param>
    /// <returns>False if another thread has set one meanwhile.</returns>
    internal bool TryFollow(WatchedRequest watched, WatchedRequest? before) =>
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
