namespace Baton.Http;

/// <summary>Notes when a context ends, to tell how long a call went on after that.</summary>
/// <remarks>
/// Made only where somebody listens: it costs a registration on the context. A token tells those who registered
/// last first, so register after what links the token of the call: what is to react is then told later.
/// </remarks>
[ContextCarrier]
internal abstract class EndWatch(Context ctx)
{
    private CancellationTokenRegistration _registration;
    private long _doneAt;
    private volatile bool _isNoted;

    /// <summary>The context that is watched.</summary>
    protected Context Context => ctx;

    /// <summary>
    /// How long the call has gone on after the end of the context; null if the context is live. A call that
    /// looked at its context before this watch was told has reacted at once.
    /// </summary>
    protected TimeSpan? Overrun => _isNoted
        ? ctx.TimeProvider.GetElapsedTime(_doneAt)
        : ctx.IsDone ? TimeSpan.Zero : null;

    /// <summary>Begins to watch. Called once, when the object is whole: the context may be done already.</summary>
    protected void Watch() => _registration = ctx.Done.UnsafeRegister(
        static watch => ((EndWatch)watch!).Note(), this);

    /// <summary>Lets go of the context. When it has returned, <see cref="OnDone"/> does not run any more.</summary>
    protected void Unwatch() => _registration.Dispose();

    /// <summary>The context has just ended. The thread is the one that ended it.</summary>
    protected virtual void OnDone()
    {
    }

    private void Note()
    {
        _doneAt = ctx.TimeProvider.GetTimestamp();
        _isNoted = true;
        OnDone();
    }
}
