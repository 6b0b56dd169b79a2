using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.AspNetCore;

/// <summary>Measures what time requests had, what ended them, and how long they went on after that.</summary>
/// <remarks>
/// One for each application, from its <see cref="IMeterFactory"/>. Tags are bounded: the route's pattern,
/// never a path; the kind of a cause, never its message. Where no listener is there, an instrument costs one
/// look.
/// </remarks>
internal sealed class RequestMeter
{
    private static readonly InstrumentAdvice<double> s_seconds = new()
    {
        HistogramBucketBoundaries = BatonMeter.Seconds,
    };

    private readonly Histogram<double> _timeout, _remaining, _overrun;
    private readonly Counter<long> _refused, _left;

    public RequestMeter(IMeterFactory meters)
    {
        var meter = meters.Create(Observing.MeterName);
        _timeout = meter.CreateHistogram(
            "baton.server.request.timeout", "s", "The time that a request had at its start.", advice: s_seconds);
        _remaining = meter.CreateHistogram(
            "baton.server.request.remaining", "s", "The part of that time that was left at the request's end.",
            advice: s_seconds);
        _overrun = meter.CreateHistogram(
            "baton.server.request.overrun", "s", "How long a handler went on after its context was done.",
            advice: s_seconds);
        _refused = meter.CreateCounter<long>(
            "baton.server.requests.refused", "{request}",
            "Requests whose handler did not run, because their caller left too little time.");
        _left = meter.CreateCounter<long>(
            "baton.server.contexts.left", "{context}",
            "Contexts derived from a request's that were still live when its handler had returned.");
    }

    /// <summary>A request with a deadline begins.</summary>
    internal void Started(RequestContext ctx, DeadlineContext due)
    {
        if (_timeout.Enabled && ctx.Plan.IsMeasured)
        {
            _timeout.Record(due.Remaining.TotalSeconds, Tags(ctx, Observing.Source(due.PlannedCause)));
        }
    }

    /// <summary>The handler of a request has returned.</summary>
    /// <param name="http">The request.</param>
    /// <param name="ctx">Its context, which this end has not ended yet.</param>
    /// <param name="ended">
    /// What has ended before that, the context or one that middleware has derived; null if neither has.
    /// </param>
    /// <param name="cause">The name of its cause.</param>
    internal void Ended(HttpContext http, RequestContext ctx, Context? ended, string? cause)
    {
        if (!ctx.Plan.IsMeasured)
        {
            return;
        }

        if (_remaining.Enabled && ctx.Due is { } due)
        {
            _remaining.Record(
                due.Remaining.TotalSeconds, Tags(ctx, Observing.Source(ctx.Cause ?? due.PlannedCause)));
        }

        if (_left.Enabled && ctx.ChildCount is > 0 and var left)
        {
            _left.Add(left, new TagList { { Observing.Route, ctx.Plan.Route } });
        }

        if (cause is null)
        {
            return;
        }

        if (_overrun.Enabled)
        {
            _overrun.Record(
                ctx.Overrun.TotalSeconds,
                new TagList { { Observing.Cause, cause }, { Observing.Route, ctx.Plan.Route } });
        }

        if (http.Features[typeof(IHttpMetricsTagsFeature)] is IHttpMetricsTagsFeature { MetricsDisabled: false } tagged)
        {
            tagged.Tags.Add(new(Observing.Cause, cause));
            if (Observing.Source(ended!.Cause) is { } source)
            {
                tagged.Tags.Add(new(Observing.TimeoutSource, source));
            }
        }
    }

    /// <summary>A request's handler does not run, because its caller leaves too little time.</summary>
    internal void Refused(RequestPlan plan, TimeSpan time)
    {
        if (plan.IsMeasured)
        {
            _refused.Add(1, new TagList
            {
                { Observing.Route, plan.Route },
                { "error.type", time == TimeSpan.Zero ? "no_time" : "insufficient_time" },
            });
        }
    }

    private static TagList Tags(RequestContext ctx, string? source)
    {
        var tags = new TagList { { Observing.Route, ctx.Plan.Route } };
        if (source is not null)
        {
            tags.Add(Observing.TimeoutSource, source);
        }

        return tags;
    }
}
