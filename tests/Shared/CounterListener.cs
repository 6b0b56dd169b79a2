using System.Diagnostics.Metrics;

namespace Baton.Tests;

/// <summary>
/// Listens to a counter. Other tests count at the same time, so each test picks what is its own by the tags.
/// </summary>
internal sealed class CounterListener : IDisposable
{
    private readonly Lock _lock = new();
    private readonly MeterListener _listener = new();
    private readonly List<(string Name, long Change)> _counted = [];

    /// <param name="meter">The name of the meter.</param>
    /// <param name="counter">The name of the counter.</param>
    /// <param name="pick">
    /// What to call a measurement that has these tags. Null: the measurement is another test's.
    /// </param>
    /// <param name="scope">
    /// The scope of the meter, where each application has a meter of that name. Null: any.
    /// </param>
    internal CounterListener(
        string meter, string counter, Func<Dictionary<string, object?>, string?> pick, object? scope = null)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == meter && instrument.Name == counter
                && (scope is null || ReferenceEquals(instrument.Meter.Scope, scope)))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, change, tags, _) =>
        {
            if (pick(tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value)) is { } name)
            {
                lock (_lock)
                {
                    _counted.Add((name, change));
                }
            }
        });
        _listener.Start();
    }

    /// <summary>The names of what was counted, in order, each as often as it was counted.</summary>
    internal string[] Counted
    {
        get
        {
            lock (_lock)
            {
                return [.. _counted.SelectMany(static one => Enumerable.Repeat(one.Name, (int)one.Change))];
            }
        }
    }

    /// <summary>What a counter that also goes down stands at.</summary>
    internal long Sum
    {
        get
        {
            lock (_lock)
            {
                return _counted.Sum(static one => one.Change);
            }
        }
    }

    public void Dispose() => _listener.Dispose();
}
