namespace Baton;

/// <summary>
/// The time of one <see cref="DeadlineQueue"/>, in ticks of 100 ns since its start, on the provider's
/// monotonic clock.
/// </summary>
/// <remarks>
/// <para>
/// It never goes back, although a provider's timestamps may: <c>FakeTimeProvider.AdjustTime</c> steps them
/// along with the wall clock. Without a correction, a deadline would be as late as such a step is long.
/// </para>
/// <para>
/// A provider is a caller's code, and FakeTimeProvider runs the timers that are due, those of queues among
/// them, on the thread that asks for the time. So no member that asks the provider may be called under the
/// lock of a queue; <see cref="Settle"/> and <see cref="NoteSet"/> ask nothing, and are called under it.
/// </para>
/// </remarks>
internal sealed class DeadlineClock
{
    private readonly long _start;
    private readonly long _stampsPerTick;

    /// <summary>What is added to what the provider shows, since it was stepped back.</summary>
    private long _correction;

    /// <summary>The time when the timer was last set. The clock shows nothing earlier.</summary>
    private long _setAt;

    /// <param name="timeProvider">The clock that is read.</param>
    /// <param name="start">The provider's timestamp that is time zero.</param>
    internal DeadlineClock(TimeProvider timeProvider, long start)
    {
        TimeProvider = timeProvider;
        _start = start;
        var frequency = timeProvider.TimestampFrequency;
        _stampsPerTick = frequency % TimeSpan.TicksPerSecond == 0 ? frequency / TimeSpan.TicksPerSecond : 0;
    }

    internal TimeProvider TimeProvider { get; }

    /// <summary>The time now, rounded down to a tick: a deadline is never found due early.</summary>
    internal long Now => Math.Max(Shown + Volatile.Read(ref _correction), Volatile.Read(ref _setAt));

    /// <summary>The time when the timer was last set. Under the lock.</summary>
    internal long SetAt => _setAt;

    /// <summary>What the provider shows, uncorrected.</summary>
    private long Shown
    {
        get
        {
            var elapsed = TimeProvider.GetTimestamp() - _start;
            return _stampsPerTick switch
            {
                // Nanoseconds, as on Linux. Division by a constant is cheap.
                100 => elapsed / 100,
                0 => TimeProvider.GetElapsedTime(0, elapsed).Ticks,
                _ => elapsed / _stampsPerTick,
            };
        }
    }

    /// <summary>A clock for another queue that counts the same time.</summary>
    internal DeadlineClock Another() => new(TimeProvider, _start);

    /// <summary>
    /// The time that is <paramref name="timeout"/> from now, kept where its distance to any other time of the
    /// clock can be counted.
    /// </summary>
    internal long After(TimeSpan timeout)
    {
        // Rounded up where the provider is finer than a tick, as Now is rounded down: together never early.
        var now = Now + (_stampsPerTick == 1 ? 0 : 1);
        return timeout.Ticks > DeadlineQueue.Never - 1 - now
            ? DeadlineQueue.Never - 1
            : now + Math.Max(timeout.Ticks, -DeadlineQueue.Never / 2);
    }

    /// <summary>The instant at a time of this clock, as the wall clock stands now.</summary>
    internal DateTimeOffset ToUtc(long time)
    {
        var now = TimeProvider.GetUtcNow().UtcTicks;
        var left = time - Now;
        return left > DateTimeOffset.MaxValue.Ticks - now
            ? DateTimeOffset.MaxValue
            : new DateTimeOffset(Math.Max(now + left, DateTimeOffset.MinValue.Ticks), TimeSpan.Zero);
    }

    /// <summary>Reads the provider, for a <see cref="Settle"/> under the lock.</summary>
    internal Reading Read()
    {
        // In this order: what the provider shows after the timer was set is no less than it showed then,
        // unless it was stepped back in between.
        var before = Volatile.Read(ref _setAt);
        return new Reading(before, Shown);
    }

    /// <summary>
    /// The time of a reading. If the provider was stepped back, the clock is corrected so that this time is
    /// <paramref name="ifSteppedBack"/>.
    /// </summary>
    internal long Settle(Reading reading, long ifSteppedBack)
    {
        var now = reading.Shown + _correction;
        if (now >= reading.SetAt)
        {
            return now;
        }

        Volatile.Write(ref _correction, _correction + ifSteppedBack - now);
        return ifSteppedBack;
    }

    /// <summary>Notes that the timer is set at a time.</summary>
    internal void NoteSet(long now) => Volatile.Write(ref _setAt, Math.Max(_setAt, now));

    /// <summary>What the provider showed, and when the timer was set before that.</summary>
    internal readonly record struct Reading(long SetAt, long Shown);
}
