namespace Baton;

/// <summary>
/// The time of one <see cref="DeadlineQueue"/>, in ticks of 100 ns since its start, on the provider's
/// monotonic clock.
/// </summary>
/// <remarks>
/// <para>
/// This clock never goes back, although a provider's timestamps may: <c>FakeTimeProvider.AdjustTime</c> steps
/// them along with the wall clock. Without a correction, a deadline would be as late as such a step is long.
/// </para>
/// <para>
/// A provider is a caller's code: FakeTimeProvider runs the timers that are due on the thread that asks for
/// the time, and a queue's own timer may be one of them. So do not call a member that asks the provider under
/// the lock of a queue. <see cref="Settle"/> and <see cref="NoteSet"/> ask nothing, and are called under the
/// lock.
/// </para>
/// </remarks>
internal sealed class DeadlineClock
{
    private readonly long _start;
    private readonly long _stampsPerTick;

    /// <summary>
    /// Added to the time that the provider shows. Zero, unless the provider was stepped back.
    /// </summary>
    private long _correction;

    /// <summary>The time at which the timer was last set. <see cref="Now"/> is never earlier.</summary>
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

    /// <summary>The time now, rounded down to a tick, so that no deadline is found due early.</summary>
    internal long Now => Math.Max(Shown + Volatile.Read(ref _correction), Volatile.Read(ref _setAt));

    /// <summary>The time at which the timer was last set. Read it under the lock of the queue.</summary>
    internal long SetAt => _setAt;

    /// <summary>The time that the provider shows, without the correction, rounded down to a tick.</summary>
    private long Shown
    {
        get
        {
            var elapsed = Elapsed;
            return _stampsPerTick switch
            {
                // Nanoseconds, as on Linux. Division by a constant is cheap.
                100 => elapsed / 100,
                0 => (long)(elapsed * TicksPerSecond / TimeProvider.TimestampFrequency),
                _ => elapsed / _stampsPerTick,
            };
        }
    }

    /// <summary>The same, rounded up.</summary>
    private long ShownUp
    {
        get
        {
            var elapsed = Elapsed;
            return _stampsPerTick switch
            {
                100 => (elapsed + 99) / 100,
                0 => (long)(((elapsed * TicksPerSecond) + TimeProvider.TimestampFrequency - 1)
                    / TimeProvider.TimestampFrequency),
                _ => (elapsed + _stampsPerTick - 1) / _stampsPerTick,
            };
        }
    }

    private long Elapsed => TimeProvider.GetTimestamp() - _start;

    /// <summary>In 128 bits, so that the product with a timestamp does not overflow.</summary>
    private static Int128 TicksPerSecond => TimeSpan.TicksPerSecond;

    /// <summary>A clock for another queue that counts the same time.</summary>
    internal DeadlineClock Another() => new(TimeProvider, _start);

    /// <summary>
    /// The time that is <paramref name="timeout"/> from now. It is clamped, so that its difference to any
    /// other time of the clock does not overflow.
    /// </summary>
    internal long After(TimeSpan timeout)
    {
        // Now is rounded down, so the start is rounded up: otherwise a deadline could be early.
        var now = Math.Max(ShownUp + Volatile.Read(ref _correction), Volatile.Read(ref _setAt));
        return timeout.Ticks > DeadlineQueue.Never - 1 - now
            ? DeadlineQueue.Never - 1
            : now + Math.Max(timeout.Ticks, -DeadlineQueue.Never / 2);
    }

    /// <summary>The instant of a time of this clock, by the wall clock as it stands now.</summary>
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
        // The order matters. The provider is asked after this read, so it shows no less than when the timer
        // was set, unless it was stepped back in between. Settle finds a step back by this.
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

    /// <summary>The time that the provider showed, and when the timer was last set before.</summary>
    internal readonly record struct Reading(long SetAt, long Shown);
}
