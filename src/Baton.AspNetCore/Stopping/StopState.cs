namespace Baton.AspNetCore;

/// <summary>How far the stop of the application has come.</summary>
internal sealed class StopState : IDisposable
{
    /// <summary>Derived from nothing of the application's, so that only a stop ends it.</summary>
    private readonly CancelableContext _begun = Context.Background.WithCancel();

    /// <summary>
    /// Canceled before the server breaks the connections that are left. Written once, when stopping.
    /// </summary>
    private CancellationToken _hostLimit;

    /// <summary>
    /// When the requests that are left are ended, as a timestamp of the server's clock; zero while the server does not
    /// stop. It is for showing, and orders nothing.
    /// </summary>
    internal long CutAt { get; set; }

    /// <summary>Canceled when the application is asked to stop.</summary>
    internal Context Begun => _begun;

    /// <summary>
    /// Whether the host's time to stop is over: then it is the server that breaks connections.
    /// </summary>
    internal bool IsCut => _hostLimit.IsCancellationRequested;

    /// <summary>
    /// Says that the application is asked to stop. Callbacks on the token run on the thread pool.
    /// </summary>
    internal void Begin() => _begun.Cancel();

    /// <summary>Notes the token with which the host cuts its own stopping short.</summary>
    internal void LimitTo(CancellationToken hostLimit) => _hostLimit = hostLimit;

    public void Dispose() => _begun.Dispose();
}
