using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Dashboard.Tests;

/// <summary>
/// A clock of a test's that tells when another thread has set a timer: from then on, time that passes finds it. Not for a
/// test that lets time pass while timers are being set.
/// </summary>
internal sealed class DueClock : FakeTimeProvider
{
    private readonly ConcurrentDictionary<DueTimer, long> _due = [];

    /// <summary>Waits until a timer is set that falls due within a time.</summary>
    internal Task DueAsync(TimeSpan within) => WaitFor.True(() =>
        _due.Values.Any(due => GetElapsedTime(GetTimestamp(), due) <= within));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new DueTimer(this, callback, state);
        timer.Inner = base.CreateTimer(
            static timer => ((DueTimer)timer!).Fire(), timer, Timeout.InfiniteTimeSpan, period);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class DueTimer(DueClock clock, TimerCallback callback, object? state) : ITimer
    {
        private int _fired;

        internal ITimer Inner { get; set; } = null!;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var fired = Volatile.Read(ref _fired);
            var isChanged = Inner.Change(dueTime, period);
            clock._due.TryRemove(this, out _);
            if (dueTime != Timeout.InfiniteTimeSpan && fired == Volatile.Read(ref _fired))
            {
                clock._due[this] = clock.GetTimestamp() + (long)(dueTime.TotalSeconds * clock.TimestampFrequency);
            }

            return isChanged;
        }

        public void Dispose()
        {
            clock._due.TryRemove(this, out _);
            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            clock._due.TryRemove(this, out _);
            return Inner.DisposeAsync();
        }

        internal void Fire()
        {
            Interlocked.Increment(ref _fired);
            clock._due.TryRemove(this, out _);
            callback(state);
        }
    }
}
