namespace Baton.Tests;

/// <summary>
/// Steps by the wall clock alone. FakeTimeProvider.AdjustTime moves the monotonic clock along with it.
/// </summary>
internal sealed class WallClock(FakeTimeProvider inner) : TimeProvider
{
    public TimeSpan Step { get; set; }

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Step;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);
}
