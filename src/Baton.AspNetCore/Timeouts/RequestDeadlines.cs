using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Baton.AspNetCore;

/// <summary>Finds the times that a request has.</summary>
internal sealed class RequestDeadlines(CallerTimeoutReader callers)
{
    internal bool IsDebuggedForTests { get; set; }

    /// <summary>
    /// Whether requests are not timed out, because a developer may be looking at one in a debugger.
    /// </summary>
    private bool IsDebugged => IsDebuggedForTests || Debugger.IsAttached;

    /// <summary>The time of the endpoint or the server, and that of the caller.</summary>
    internal RequestDeadline Of(HttpContext http, RequestPlan plan)
    {
        var caller = callers.Read(http);
        return IsDebugged ? RequestDeadline.None : new RequestDeadline(plan.Timeout, caller);
    }

    /// <summary>
    /// The same for a second run of the pipeline in one request, such as an error page. The caller's time is that
    /// of the first run: an error page must be able to say that it is over.
    /// </summary>
    internal RequestDeadline OfSecondRun(RequestPlan plan) =>
        IsDebugged ? RequestDeadline.None : new RequestDeadline(plan.Timeout, Caller: null);
}
