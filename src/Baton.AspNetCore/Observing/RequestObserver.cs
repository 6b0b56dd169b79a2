using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;

namespace Baton.AspNetCore;

/// <summary>Shows what happens to requests: in metrics, in traces, and in a warning about slow reactions.</summary>
internal sealed class RequestObserver(BatonServer server, IMeterFactory meters)
{
    private readonly RequestMeter _meter = new(meters);

    /// <summary>A request with a deadline begins.</summary>
    internal void Started(HttpContext http, RequestContext ctx, DeadlineContext due)
    {
        _meter.Started(ctx, due);
        RequestTrace.Started(http, due);
    }

    /// <summary>The handler of a request that has looked at its context has returned.</summary>
    internal void Ended(HttpContext http, RequestContext ctx)
    {
        var ended = ctx.EndedContext;
        var cause = ended is null ? null : Observing.CauseOf(ended);
        _meter.Ended(http, ctx, ended, cause);
        if (cause is null)
        {
            return;
        }

        RequestTrace.Ended(http, ctx, ended!, cause);
        var limit = server.Options.OverrunWarning;
        if (limit != Timeout.InfiniteTimeSpan && ctx.Overrun is var overrun && overrun > limit && ctx.Plan.MayWarn(ctx.TimeProvider))
        {
            Log.Overran(server.Logger, ctx.Plan.Route ?? http.Request.Method, overrun, cause);
        }
    }

    /// <summary>A request's handler does not run, because its caller leaves too little time.</summary>
    internal void Refused(RequestPlan plan, TimeSpan time) => _meter.Refused(plan, time);
}
