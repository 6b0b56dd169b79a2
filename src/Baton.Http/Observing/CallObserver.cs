namespace Baton.Http;

/// <summary>Sees one call begin and end, for those who listen.</summary>
internal sealed class CallObserver : EndWatch
{
    private readonly HttpMeter _meter;
    private readonly Uri? _address;
    private int _isOver;
    private int _isCounted;

    private CallObserver(Context ctx, Uri? address, HttpMeter meter)
        : base(ctx) => (_address, _meter) = (address, meter);

    /// <summary>Whether the call is over.</summary>
    internal bool IsOver => Volatile.Read(ref _isOver) != 0;

    /// <summary>A call begins that was not refused. Null: nobody listens.</summary>
    /// <param name="ctx">The context of the call.</param>
    /// <param name="address">The address as the application gave it.</param>
    /// <param name="meter">What measures it.</param>
    internal static CallObserver? Started(Context ctx, Uri? address, HttpMeter meter)
    {
        if (!meter.IsListenedTo)
        {
            return null;
        }

        var observer = new CallObserver(ctx, address, meter);
        observer.Watch();
        return observer;
    }

    /// <summary>The call is over. Called again, it does nothing.</summary>
    /// <param name="failure">What it ended with; null for a response.</param>
    internal void Ended(Exception? failure)
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0)
        {
            return;
        }

        Unwatch();
        if (Overrun is { } overrun)
        {
            _meter.Overran(_address, Context.Err!.CauseName, overrun);
            if (failure is not null && (failure is ContextException || HttpErrors.MayBeEndOf(Context, failure)))
            {
                EndedByContext();
            }
        }
    }

    /// <summary>The context has ended the call, or the reading of its response's body. Counted once.</summary>
    internal void EndedByContext()
    {
        if (Interlocked.Exchange(ref _isCounted, 1) == 0)
        {
            _meter.Ended(_address, Context.Err!.CauseName);
        }
    }
}
