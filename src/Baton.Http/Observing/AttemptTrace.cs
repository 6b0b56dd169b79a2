using System.Diagnostics;

namespace Baton.Http;

/// <summary>Writes the time and the end of an attempt into the activity that .NET's handler makes for it.</summary>
internal sealed class AttemptTrace : EndWatch
{
    private const string Cause = "baton.cause";

    private readonly Lock _gate = new();
    private readonly HttpActivities.Slot? _outer = HttpActivities.Current;
    private readonly HttpActivities.Slot _own;

    /// <summary>The activity of the last request: each redirect has one of its own.</summary>
    private Activity? _activity;

    private Activity? _written;

    private AttemptTrace(Context ctx)
        : base(ctx) => HttpActivities.Current = _own = new HttpActivities.Slot(this);

    /// <summary>An attempt begins, in the current flow of execution. Null: nobody records it.</summary>
    internal static AttemptTrace? Started(Context ctx)
    {
        if (!HttpActivities.AreRecorded)
        {
            return null;
        }

        var trace = new AttemptTrace(ctx);
        trace.Watch();
        return trace;
    }

    /// <summary>The handler begins a request of this attempt.</summary>
    internal void Attach(Activity activity)
    {
        lock (_gate)
        {
            if (!activity.IsAllDataRequested)
            {
                return;
            }

            _activity = activity;
            if (Context.Remaining is var remaining && remaining != Timeout.InfiniteTimeSpan)
            {
                activity.SetTag("baton.remaining", remaining.TotalSeconds);
            }
        }
    }

    /// <summary>The attempt is over.</summary>
    /// <remarks>
    /// The activity has stopped by now, so an exporter that sends at once misses the overrun. One that collects
    /// has it.
    /// </remarks>
    internal void Ended()
    {
        Unwatch();
        HttpActivities.Current = _outer;
        _own.Clear();
        lock (_gate)
        {
            if (Overrun is { } overrun && _activity is { } activity)
            {
                Write(overrun);
                activity.SetTag("baton.overrun", overrun.TotalSeconds);
            }
        }
    }

    /// <summary>While the request is still under way, so that the activity has not stopped yet.</summary>
    protected override void OnDone()
    {
        lock (_gate)
        {
            Write(TimeSpan.Zero);
        }
    }

    private void Write(TimeSpan sinceEnd)
    {
        if (_activity is not { } activity || activity == _written)
        {
            return;
        }

        _written = activity;
        var end = Context.Err!;
        activity.SetTag(Cause, end.CauseName);
        if ((end.InnerException as IContextCause)?.Describe().TimeoutSource is { } source)
        {
            activity.SetTag("baton.timeout.source", source);
        }

        activity.AddEvent(new ActivityEvent(
            "baton.context.done",
            Context.TimeProvider.GetUtcNow() - sinceEnd,
            new ActivityTagsCollection { { Cause, end.CauseName } }));
    }
}
