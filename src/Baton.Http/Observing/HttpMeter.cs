using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Baton.Http;

/// <summary>Measures the calls that were not made, and those that their context has ended.</summary>
/// <remarks>
/// Attributes are bounded: hosts and never paths, the name of a cause and never its message. Where no listener
/// is there, an instrument costs one look.
/// </remarks>
internal sealed class HttpMeter
{
    internal const string Name = "Baton.Http";
    internal const string Canceled = "canceled";
    internal const string DeadlineExceeded = "deadline_exceeded";
    internal const string InsufficientTime = "insufficient_time";
    internal const string RetryTooLate = "retry_too_late";

    /// <summary>For handlers that were made without services.</summary>
    private static readonly HttpMeter s_ofProcess = new(new Meter(Name));

    /// <summary>OpenTelemetry's boundaries for requests.</summary>
    private static readonly InstrumentAdvice<double> s_seconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };

    private readonly Counter<long> _refused, _ended;
    private readonly Histogram<double> _overrun;

    private HttpMeter(Meter meter)
    {
        _refused = meter.CreateCounter<long>(
            "baton.http.client.refused", "{call}",
            "Calls, retries and hedges that were not made, because too little time was left.");
        _ended = meter.CreateCounter<long>(
            "baton.http.client.ended", "{call}", "Calls that their context ended.");
        _overrun = meter.CreateHistogram(
            "baton.http.client.overrun", "s", "How long a call went on after its context was done.",
            advice: s_seconds);
    }

    /// <summary>Whether anybody listens to what is measured at the end of a call.</summary>
    internal bool IsListenedTo => _ended.Enabled || _overrun.Enabled;

    /// <summary>The application's meter; where there are no services, the one of the process.</summary>
    internal static HttpMeter Of(IServiceProvider? services) =>
        services?.GetService(typeof(IMeterFactory)) is IMeterFactory meters
            ? new HttpMeter(meters.Create(Name))
            : s_ofProcess;

    internal void Refused(Uri? address, string why)
    {
        if (_refused.Enabled)
        {
            _refused.Add(1, TagsOf(address, new("error.type", why)));
        }
    }

    /// <summary>A context has ended a call.</summary>
    internal void Ended(Uri? address, string cause)
    {
        if (_ended.Enabled)
        {
            _ended.Add(1, TagsOf(address, new("baton.cause", cause)));
        }
    }

    /// <summary>A call is over whose context was done before.</summary>
    internal void Overran(Uri? address, string cause, TimeSpan overrun)
    {
        if (_overrun.Enabled)
        {
            _overrun.Record(overrun.TotalSeconds, TagsOf(address, new("baton.cause", cause)));
        }
    }

    private static TagList TagsOf(Uri? address, KeyValuePair<string, object?> own)
    {
        var tags = new TagList { own };
        if (address is { IsAbsoluteUri: true })
        {
            tags.Add("server.address", address.Host);
            tags.Add("server.port", address.Port);
        }

        return tags;
    }
}
