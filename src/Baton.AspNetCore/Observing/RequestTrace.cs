using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.AspNetCore;

/// <summary>Writes a request's deadline and its end into the activity of the request.</summary>
internal static class RequestTrace
{
    internal static void Started(HttpContext http, DeadlineContext due) =>
        ActivityOf(http)?.SetTag("baton.remaining", due.Remaining.TotalSeconds);

    /// <summary>The handler of a request has returned after its context was done.</summary>
    internal static void Ended(HttpContext http, RequestContext ctx, Context ended, string cause)
    {
        if (ActivityOf(http) is not { } activity)
        {
            return;
        }

        var overrun = ctx.Overrun;
        activity.SetTag(Observing.Cause, cause);
        activity.SetTag("baton.overrun", overrun.TotalSeconds);
        if (Observing.Source(ended.Cause) is { } source)
        {
            activity.SetTag(Observing.TimeoutSource, source);
        }

        activity.AddEvent(new ActivityEvent(
            "baton.context.done",
            ctx.TimeProvider.GetUtcNow() - overrun,
            new ActivityTagsCollection { { Observing.Cause, cause } }));

        // The conventions leave the status unset for a client that left. A status of 5xx is the
        // instrumentation's to report.
        if (cause == "timeout" && activity.Status == ActivityStatusCode.Unset)
        {
            activity.SetStatus(ActivityStatusCode.Error, "deadline exceeded");
        }
    }

    private static Activity? ActivityOf(HttpContext http) =>
        (http.Features[typeof(IHttpActivityFeature)] as IHttpActivityFeature)?.Activity is { IsAllDataRequested: true } activity
            ? activity
            : null;
}
