namespace Baton.Tests.Deadlines;

/// <summary>A clock whose time moves, and whose timers fire, only when the test says so.</summary>
internal sealed class ManualClock : TimeProvider
{
    private Action? _fire;

    internal TimeSpan Time { get; set; }

    /// <summary>What its timers were set to, in order.</summary>
    internal List<TimeSpan> Sets { get; } = [];

    internal int Timers { get; private set; }

    internal bool RefusesTimers { get; set; }

    internal bool RefusesSets { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Time.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Time;

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (RefusesTimers)
        {
            throw new InvalidOperationException("no timer");
        }

        Timers++;
        _fire = () => callback(state);
        return new Timer(this);
    }

    internal void Fire() => _fire?.Invoke();

    /// <summary>Moves on to the time that the timer is set to, and fires the timer.</summary>
    internal void Wake()
    {
        Time += Sets[^1];
        Fire();
    }

    private sealed class Timer(ManualClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (clock.RefusesSets)
            {
                throw new InvalidOperationException("not set");
            }

            clock.Sets.Add(dueTime);
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
