namespace Baton.Exploration;

/// <summary>A clock that a scenario moves. Timers fire on the thread that moves it.</summary>
internal sealed class TestClock : TimeProvider
{
    private readonly List<TestTimer> _timers = [];
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => new(GetTimestamp(), TimeSpan.Zero);

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new TestTimer(this, () => callback(state));
        lock (_timers)
        {
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, and returns when every timer that fell due has run.</summary>
    internal void Advance(TimeSpan by)
    {
        Interlocked.Add(ref _now, by.Ticks);
        RunDue();
    }

    private void RunDue()
    {
        while (TakeDue() is { } timer)
        {
            timer.Fire();
        }
    }

    private TestTimer? TakeDue()
    {
        lock (_timers)
        {
            return _timers.Find(timer => timer.TryTake(_now));
        }
    }

    private sealed class TestTimer(TestClock clock, Action fire) : ITimer
    {
        private long _due = long.MaxValue;

        internal Action Fire => fire;

        /// <summary>Whether the timer is due. If so, it is due no longer: the caller fires it.</summary>
        internal bool TryTake(long now)
        {
            var isDue = _due <= now;
            _due = isDue ? long.MaxValue : _due;
            return isDue;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._timers)
            {
                _due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock._now + dueTime.Ticks;
            }

            // A timer that is set to now fires at once, here as in FakeTimeProvider.
            clock.RunDue();
            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
