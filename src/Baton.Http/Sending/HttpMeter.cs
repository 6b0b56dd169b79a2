using System.Diagnostics.Metrics;

namespace Baton.Http;

/// <summary>Counts the calls that were not made.</summary>
internal static class HttpMeter
{
    internal const string Canceled = "canceled";
    internal const string DeadlineExceeded = "deadline_exceeded";
    internal const string InsufficientTime = "insufficient_time";
    internal const string RetryTooLate = "retry_too_late";

    private static readonly Meter s_meter = new("Baton.Http");

    private static readonly Counter<long> s_refused = s_meter.CreateCounter<long>(
        "baton.http.client.refused", "{call}",
        "Calls, retries and hedges that were not made, because too little time was left.");

    internal static void Refused(Uri? address, string why) => s_refused.Add(
        1,
        new KeyValuePair<string, object?>(
            "server.address", address is { IsAbsoluteUri: true } ? address.Host : null),
        new KeyValuePair<string, object?>("error.type", why));
}
