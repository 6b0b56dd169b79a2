using System.Diagnostics;

namespace Baton.Stress;

/// <summary>What all workers did, and what they saw that must not be.</summary>
internal sealed class Ledger
{
    private const int MostWatched = 20_000;

    private readonly Lock _lock = new();
    private readonly List<WeakReference> _watched = [];
    private readonly List<string> _failures = [];
    private long _callbacks;
    private long _ran;
    private long _stopped;
    private long _maxLate;

    internal long Operations { get; private set; }

    internal long Callbacks => Volatile.Read(ref _callbacks);

    /// <summary>Callbacks that ran, and those that were stopped.</summary>
    internal long Settled => Volatile.Read(ref _ran) + Volatile.Read(ref _stopped);

    internal TimeSpan MaxLate => TimeSpan.FromTicks(Volatile.Read(ref _maxLate));

    internal IReadOnlyList<WeakReference> Watched => _watched;

    internal IReadOnlyList<string> Failures => _failures;

    internal void AddOperations(long count)
    {
        lock (_lock)
        {
            Operations += count;
        }
    }

    internal void Fail(string text)
    {
        lock (_lock)
        {
            if (_failures.Count < 20)
            {
                _failures.Add(text);
            }
        }
    }

    /// <summary>Remembers something that is to be collectable in the end.</summary>
    internal void Watch(object target)
    {
        lock (_lock)
        {
            if (_watched.Count < MostWatched)
            {
                _watched.Add(new WeakReference(target));
            }
        }
    }

    internal void Registered() => Interlocked.Increment(ref _callbacks);

    internal void Ran() => Interlocked.Increment(ref _ran);

    internal void Stopped() => Interlocked.Increment(ref _stopped);

    /// <summary>A deadline was seen passed, this long after it was due.</summary>
    internal void Passed(long start, TimeSpan timeout)
    {
        var late = (Stopwatch.GetElapsedTime(start) - timeout).Ticks;
        if (late < 0)
        {
            Fail($"a deadline of {timeout} passed {-late} ticks early");
        }

        for (var max = Volatile.Read(ref _maxLate); late > max; max = Volatile.Read(ref _maxLate))
        {
            Interlocked.CompareExchange(ref _maxLate, late, max);
        }
    }
}
