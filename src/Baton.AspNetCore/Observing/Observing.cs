namespace Baton.AspNetCore;

/// <summary>The names and values by which metrics and traces say what ended a request.</summary>
internal static class Observing
{
    internal const string MeterName = "Baton.AspNetCore";
    internal const string Cause = "baton.cause";
    internal const string TimeoutSource = "baton.timeout.source";
    internal const string Route = "http.route";

    /// <summary>What ended a context, as one of five values; null for a context that is live.</summary>
    internal static string? CauseOf(Context ctx) => ctx.Err?.CauseName;

    /// <summary>Who set the timeout that is, or would be, the cause; null if it was not a request's.</summary>
    internal static string? Source(Exception? cause) => (cause as IContextCause)?.Describe().TimeoutSource;
}
