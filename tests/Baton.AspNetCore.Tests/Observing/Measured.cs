using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Baton.AspNetCore.Tests.Observing;

/// <summary>What one application's meters have measured.</summary>
internal sealed class Measured : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Measurement> _all = [];

    /// <param name="services">Those of the application, whose meters are its own.</param>
    internal Measured(IServiceProvider services)
    {
        var scope = services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, scope))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The measurements of an instrument so far.</summary>
    internal Measurement[] Of(string instrument) => [.. _all.Where(one => one.Instrument == instrument)];

    /// <summary>Waits for the measurements of an instrument: the server makes some after the response.</summary>
    internal async Task<Measurement[]> WaitAsync(string instrument, int count = 1)
    {
        await WaitFor.True(() => Of(instrument).Length >= count);
        return Of(instrument);
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _all.Enqueue(new Measurement(
            instrument.Name, instrument.Unit, value,
            tags.ToArray().ToDictionary(static tag => tag.Key, static tag => tag.Value)));

    internal sealed record Measurement(
        string Instrument, string? Unit, double Value, Dictionary<string, object?> Tags)
    {
        internal object? this[string tag] => Tags.GetValueOrDefault(tag);
    }
}
