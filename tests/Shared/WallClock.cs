namespace Baton.Tests;

/// <summary>
/// A clock whose wall clock can be stepped while its timestamps run on, as when a machine's time is set.
/// FakeTimeProvider cannot do that: its AdjustTime moves the timestamps too.
/// </summary>
internal sealed class WallClock(TimeProvider inner) : TimeProvider
{
    /// <summary>How far the wall clock has been stepped: negative for a step back.</summary>
    public TimeSpan Step { get; set; }

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Step;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);
}
