using System.Diagnostics;

namespace Baton.Grpc;

/// <summary>
/// Sees one call begin and end, for those who listen: measures it, and writes its time and its end into the activity
/// that gRPC's client makes for it.
/// </summary>
/// <remarks>
/// Made only where somebody listens: it costs a registration on the context. Threads: any.
/// </remarks>
[ContextCarrier]
internal sealed class CallObserver
{
    private const string Cause = "baton.cause";

    private readonly Lock _gate = new();
    private readonly GrpcMeter _meter;
    private readonly CancellationTokenRegistration _registration;
    private readonly bool _isRefused;

    /// <summary>
    /// Null when the call is over. A connection that was made meanwhile keeps the flow of execution that it was
    /// made in, and so this object, for as long as it is open.
    /// </summary>
    private Context? _ctx;

    /// <summary>The activity of the last attempt: gRPC makes one for each.</summary>
    private Activity? _activity;

    private Activity? _written;
    private long _doneAt;
    private bool _isDone;

    private CallObserver(Context ctx, GrpcMeter meter)
    {
        (_ctx, _meter) = (ctx, meter);
        if (ctx.Err is { } err)
        {
            _isRefused = true;
            meter.Refused(err);
        }
        else
        {
            _registration = ctx.Done.UnsafeRegister(static call => ((CallObserver)call!).Done(), this);
        }
    }

    /// <summary>A call begins, or is refused because its context is done. Null: nobody listens.</summary>
    /// <remarks>
    /// Call it after what links the token of the call: a token tells those who registered last first, so what is to
    /// react is then told later.
    /// </remarks>
    internal static CallObserver? Started(Context ctx, GrpcMeter meter)
    {
        // A second interceptor on the same channel sees the call again, inside of the first one.
        var isSeen = GrpcActivities.AreRecorded | meter.IsListenedTo;
        return isSeen && GrpcActivities.Current?._ctx != ctx ? new CallObserver(ctx, meter) : null;
    }

    /// <summary>gRPC's client begins an attempt of this call.</summary>
    internal void Attach(Activity activity)
    {
        lock (_gate)
        {
            if (_ctx is null || !activity.IsAllDataRequested)
            {
                return;
            }

            _activity = activity;
            if (_ctx.Remaining is var remaining && remaining != Timeout.InfiniteTimeSpan)
            {
                activity.SetTag("baton.remaining", remaining.TotalSeconds);
            }
        }
    }

    /// <summary>The call is over. Called again, it does nothing.</summary>
    /// <remarks>
    /// The activity may have stopped by now, so an exporter that sends at once misses the overrun. One that collects
    /// has it.
    /// </remarks>
    /// <param name="isByContext">Whether the caller gets the exception of the context.</param>
    internal void Ended(bool isByContext)
    {
        // When it has returned, Done() does not run any more. Not under the lock, which Done() takes.
        _registration.Dispose();
        string? cause;
        var overrun = TimeSpan.Zero;
        lock (_gate)
        {
            if (_ctx is null)
            {
                return;
            }

            cause = _ctx.Err?.CauseName;
            if (cause is not null)
            {
                // A call that looked at its context before this observer was told has reacted at once.
                overrun = _isDone ? _ctx.TimeProvider.GetElapsedTime(_doneAt) : TimeSpan.Zero;
                Write(_ctx, overrun);
                _activity?.SetTag("baton.overrun", overrun.TotalSeconds);
            }

            _ctx = null;
            _activity = _written = null;
        }

        if (cause is not null && !_isRefused)
        {
            _meter.Overran(cause, overrun);
            if (isByContext)
            {
                _meter.Ended(cause);
            }
        }
    }

    /// <summary>The context has just ended, most likely before the activity of the call has stopped.</summary>
    private void Done()
    {
        lock (_gate)
        {
            if (_ctx is not null)
            {
                _doneAt = _ctx.TimeProvider.GetTimestamp();
                _isDone = true;
                Write(_ctx, TimeSpan.Zero);
            }
        }
    }

    private void Write(Context ctx, TimeSpan sinceEnd)
    {
        if (_activity is not { } activity || activity == _written)
        {
            return;
        }

        _written = activity;
        var end = ctx.Err!;
        activity.SetTag(Cause, end.CauseName);
        if ((end.InnerException as IContextCause)?.Describe().TimeoutSource is { } source)
        {
            activity.SetTag("baton.timeout.source", source);
        }

        activity.AddEvent(new ActivityEvent(
            "baton.context.done",
            ctx.TimeProvider.GetUtcNow() - sinceEnd,
            new ActivityTagsCollection { { Cause, end.CauseName } }));
    }
}
