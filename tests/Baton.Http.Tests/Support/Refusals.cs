using System.Diagnostics.Metrics;

namespace Baton.Http.Tests;

/// <summary>Why calls to one host were not made, as counted. Other tests count too: theirs are others.</summary>
internal sealed class Refusals : IDisposable
{
    private readonly MeterListener _listener = new();

    internal Refusals(string host)
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "Baton.Http", Name: "baton.http.client.refused" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            var facts = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
            if (host.Equals(facts["server.address"]))
            {
                Assert.Equal(1, count);
                Counted.Add((string)facts["error.type"]!);
            }
        });
        _listener.Start();
    }

    internal List<string> Counted { get; } = [];

    public void Dispose() => _listener.Dispose();
}
