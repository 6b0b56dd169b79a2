using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests;

/// <summary>
/// A clock of a test's that tells when a timer of it is set: from then on, time that passes finds it.
/// </summary>
/// <remarks>
/// A deadline is counted by its queue before the queue has set its timer, so a count does not tell that. Not
/// for a test that lets time pass while timers are being set.
/// </remarks>
internal sealed class ArmedClock : FakeTimeProvider
{
    private int _armed;

    /// <summary>Waits for another thread to set a timer, if none is set.</summary>
    internal Task ArmedAsync() => WaitFor.True(() => Volatile.Read(ref _armed) > 0);

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ArmedTimer(this, callback, state);
        timer.Inner = base.CreateTimer(
            static timer => ((ArmedTimer)timer!).Fire(), timer, Timeout.InfiniteTimeSpan, period);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ArmedTimer(ArmedClock clock, TimerCallback callback, object? state) : ITimer
    {
        private int _isArmed;
        private int _fired;

        internal ITimer Inner { get; set; } = null!;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var fired = Volatile.Read(ref _fired);
            var isChanged = Inner.Change(dueTime, period);
            if (fired == Volatile.Read(ref _fired))
            {
                Mark(dueTime == Timeout.InfiniteTimeSpan ? 0 : 1);
            }

            return isChanged;
        }

        public void Dispose()
        {
            Mark(0);
            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Mark(0);
            return Inner.DisposeAsync();
        }

        internal void Fire()
        {
            Interlocked.Increment(ref _fired);
            Mark(0);
            callback(state);
        }

        private void Mark(int isArmed) =>
            Interlocked.Add(ref clock._armed, isArmed - Interlocked.Exchange(ref _isArmed, isArmed));
    }
}
