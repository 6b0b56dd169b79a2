using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Baton.Grpc;

/// <summary>Measures the calls of one client that were not made, and those that their context has ended.</summary>
/// <remarks>
/// Attributes are bounded: the client's address and never a text, the name of a cause and never its message. Where
/// no listener is there, an instrument costs one look.
/// </remarks>
internal sealed class GrpcMeter
{
    internal const string Name = "Baton.Grpc";

    /// <summary>For interceptors that were made without services.</summary>
    private static readonly Meter s_ofProcess = new(Name);

    /// <summary>OpenTelemetry's boundaries for requests.</summary>
    private static readonly InstrumentAdvice<double> s_seconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };

    private readonly Counter<long> _refused, _ended;
    private readonly Histogram<double> _overrun;
    private readonly Uri? _address;

    /// <summary>A meter of the application; where there are no services, the one of the process.</summary>
    /// <param name="services">The services of the application, if there are any.</param>
    /// <param name="address">Where the client's channel leads, if that is known.</param>
    internal GrpcMeter(IServiceProvider? services, Uri? address)
    {
        _address = address;
        var meter = services?.GetService(typeof(IMeterFactory)) is IMeterFactory meters
            ? meters.Create(Name)
            : s_ofProcess;
        _refused = meter.CreateCounter<long>(
            "baton.grpc.client.refused", "{call}", "Calls that were not made, because their context was done.");
        _ended = meter.CreateCounter<long>(
            "baton.grpc.client.ended", "{call}", "Calls that their context ended.");
        _overrun = meter.CreateHistogram(
            "baton.grpc.client.overrun", "s", "How long a call went on after its context was done.",
            advice: s_seconds);
    }

    /// <summary>Whether anybody listens.</summary>
    internal bool IsListenedTo => _refused.Enabled || _ended.Enabled || _overrun.Enabled;

    /// <summary>A call is not made, because its context is done.</summary>
    internal void Refused(ContextException why)
    {
        if (_refused.Enabled)
        {
            _refused.Add(1, Tags(
                "error.type", why is DeadlineExceededException ? "deadline_exceeded" : "canceled"));
        }
    }

    /// <summary>A context has ended a call.</summary>
    internal void Ended(string cause)
    {
        if (_ended.Enabled)
        {
            _ended.Add(1, Tags("baton.cause", cause));
        }
    }

    /// <summary>A call is over whose context was done before.</summary>
    internal void Overran(string cause, TimeSpan overrun)
    {
        if (_overrun.Enabled)
        {
            _overrun.Record(overrun.TotalSeconds, Tags("baton.cause", cause));
        }
    }

    private TagList Tags(string name, string value)
    {
        var tags = new TagList { { name, value } };
        if (_address is not null)
        {
            tags.Add("server.address", _address.Host);
            if (_address.Port >= 0)
            {
                tags.Add("server.port", _address.Port);
            }
        }

        return tags;
    }
}
