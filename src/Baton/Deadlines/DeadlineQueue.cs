using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Baton;

/// <summary>All live deadlines of one <see cref="TimeProvider"/>, behind one timer.</summary>
/// <remarks>
/// <para>
/// Time is counted in ticks of 100 ns since the queue was made, on the provider's monotonic clock.
/// </para>
/// <para>
/// System is one queue until threads have met at its lock again and again; then there are as many as cores,
/// with a timer each and one count of time. A deadline below another one waits in the same queue, so the two
/// fall due in their order.
/// </para>
/// </remarks>
internal sealed class DeadlineQueue
{
    /// <summary>No deadline is as late: one that has it need not be put in the queue.</summary>
    internal const long Never = TimingWheel.Never;

    /// <summary>
    /// The longest a timer of .NET takes is 49 days. A deadline further away is waited for in several turns.
    /// </summary>
    private static readonly TimeSpan s_longestTurn = TimeSpan.FromDays(45);

    private static readonly ConditionalWeakTable<TimeProvider, DeadlineQueue> s_queues = [];

    private static readonly DeadlineQueue s_system =
        new(TimeProvider.System, TimeProvider.System.GetTimestamp());
    private static DeadlineQueue[]? s_systems;

    private readonly long _start;
    private readonly long _stampsPerTick;

    /// <summary>The deadlines, guarded by the lock like their count.</summary>
    private readonly TimingWheel _wheel = new();
    private int _count;
    private int _lock;
    private ITimer? _timer;

    /// <summary>
    /// Whether the timer failed when it was last set: then whoever comes next sets it. A hint that orders
    /// nothing.
    /// </summary>
    private volatile bool _isUnset;

    /// <summary>When the timer is to fire. Written under the lock, read without.</summary>
    private long _wake = Never;

    /// <summary>What the clock showed when the timer was last set.</summary>
    private long _setAt;

    /// <summary>What is added to a clock that has been stepped back.</summary>
    private long _correction;

    private DeadlineQueue(TimeProvider timeProvider, long start)
    {
        TimeProvider = timeProvider;
        _start = start;
        var frequency = timeProvider.TimestampFrequency;
        _stampsPerTick = frequency % TimeSpan.TicksPerSecond == 0 ? frequency / TimeSpan.TicksPerSecond : 0;
    }

    /// <summary>The queue of System for this thread's core. Acquire: the queues are seen whole.</summary>
    internal static DeadlineQueue System =>
        Volatile.Read(ref s_systems) is { } systems ? systems[Seam.PickStripe(systems.Length)] : s_system;

    internal TimeProvider TimeProvider { get; }

    /// <summary>Deadlines of the provider that wait, for tests.</summary>
    internal int Count =>
        IsSystem && s_systems is { } systems ? systems.Sum(static queue => queue.OwnCount) : OwnCount;

    private int OwnCount
    {
        get
        {
            Enter();
            var count = _count;
            Exit();
            return count;
        }
    }

    private bool IsSystem => TimeProvider == TimeProvider.System;

    /// <summary>The time now, rounded down to a tick: a deadline is never found due early.</summary>
    internal long Now => Math.Max(Shown + Volatile.Read(ref _correction), Volatile.Read(ref _setAt));

    /// <summary>
    /// What the clock shows, uncorrected. It may lie before what it showed when the timer was set:
    /// FakeTimeProvider.AdjustTime steps the timestamps, which are to be monotonic, along with the wall
    /// clock. Never asked under the lock: a provider is somebody else's code, and FakeTimeProvider runs the
    /// timers that are due, this queue's among them, on whoever asks for the time.
    /// </summary>
    private long Shown
    {
        get
        {
            var elapsed = TimeProvider.GetTimestamp() - _start;
            return _stampsPerTick switch
            {
                // Nanoseconds, as on Linux. By a constant, because that is no division.
                100 => elapsed / 100,
                0 => TimeProvider.GetElapsedTime(0, elapsed).Ticks,
                _ => elapsed / _stampsPerTick,
            };
        }
    }

    internal static DeadlineQueue For(TimeProvider timeProvider) => timeProvider == TimeProvider.System
        ? System
        : s_queues.GetValue(
            timeProvider, static provider => new DeadlineQueue(provider, provider.GetTimestamp()));

    /// <summary>
    /// When something is due that is to happen <paramref name="timeout"/> from now. Kept to where the
    /// distance to any other time of the queue can be counted.
    /// </summary>
    internal long DueAfter(TimeSpan timeout)
    {
        // Rounded up where the clock is finer than a tick, as Now is rounded down: together never early.
        var now = Now + (_stampsPerTick == 1 ? 0 : 1);
        return timeout.Ticks > Never - 1 - now ? Never - 1 : now + Math.Max(timeout.Ticks, -Never / 2);
    }

    /// <summary>The instant at which something falls due, as the wall clock stands now.</summary>
    internal DateTimeOffset ToUtc(long due)
    {
        var now = TimeProvider.GetUtcNow().UtcTicks;
        var left = due - Now;
        return left > DateTimeOffset.MaxValue.Ticks - now
            ? DateTimeOffset.MaxValue
            : new DateTimeOffset(Math.Max(now + left, DateTimeOffset.MinValue.Ticks), TimeSpan.Zero);
    }

    /// <summary>Puts a context in the queue, if it is live.</summary>
    internal void Add(DeadlineContext ctx)
    {
        Enter();
        if (ctx.IsMarkedDone)
        {
            // Its parent has ended it meanwhile. Its removal has already run, or waits for the lock and finds
            // nothing. Do not ask upstream here: that may end the context, which takes this lock.
            Exit();
            return;
        }

        _wheel.Insert(ctx);
        _count++;
        var isSooner = ctx.DueTicks < _wake;
        if (isSooner)
        {
            Volatile.Write(ref _wake, ctx.DueTicks);
        }

        Exit();
        if (isSooner || _isUnset)
        {
            SetTimer();
        }
    }

    /// <summary>
    /// Takes a context out of the queue. One that is not in it, or has fallen due, is left alone.
    /// </summary>
    internal void Remove(DeadlineContext ctx)
    {
        Enter();
        var isIdle = false;
        if (ctx.DueSlot != TimingWheel.NotQueued)
        {
            _wheel.Remove(ctx);

            // The timer of System stays set: it wakes in vain once at the most, which is cheaper than setting
            // it anew for every deadline that comes and goes. Another provider's timer would keep that
            // provider alive.
            isIdle = --_count == 0 && !IsSystem;
            if (isIdle)
            {
                Volatile.Write(ref _wake, Never);
            }
        }

        Exit();
        if (isIdle)
        {
            StopTimer();
        }
    }

    private void OnTimer()
    {
        var due = new List<DeadlineContext>();
        var before = Volatile.Read(ref _setAt);
        var shown = Shown;
        Enter();
        var now = shown + _correction;
        if (now < before && _wake != Never)
        {
            // Stepped back since the timer was set. How far is not known, but the timer does not go by that:
            // it fires when the time it was given has passed.
            var then = Math.Min(_wake, _setAt + s_longestTurn.Ticks);
            Volatile.Write(ref _correction, _correction + then - now);
            now = then;
        }

        _wheel.Turn(now, due);
        _count -= due.Count;
        Volatile.Write(ref _wake, _wheel.NextWake());
        Exit();

        try
        {
            // Set again before anything is ended, so that a long list delays no later deadline.
            SetTimer();
        }
        finally
        {
            // Stable: equal deadlines keep the order in which they were made.
            foreach (var ctx in due.OrderBy(static ctx => ctx.DueTicks))
            {
                ctx.Expire(now);
            }
        }
    }

    /// <summary>
    /// Sets the timer to the wake time. Outside the lock: a provider's timer is somebody else's code.
    /// </summary>
    private void SetTimer()
    {
        try
        {
            SetTimerToWake();
            _isUnset = false;
        }
        catch
        {
            _isUnset = true;
            throw;
        }
    }

    private void SetTimerToWake()
    {
        var timer = Volatile.Read(ref _timer) ?? MakeTimer();
        long set;
        do
        {
            // Two threads may get here at once, and the later call need not carry the sooner time. Each looks
            // again after its call, so the last one to set the timer has seen the last wake time.
            var before = Volatile.Read(ref _setAt);
            var shown = Shown;
            Enter();
            set = _wake;
            var now = shown + _correction;
            if (now < before)
            {
                // Stepped back since the timer was last set: go on from there, or what is set now is as late
                // as the step was long.
                Volatile.Write(ref _correction, _correction + before - now);
                now = before;
            }

            Volatile.Write(ref _setAt, Math.Max(_setAt, now));
            Exit();
            timer.Change(
                set == Never ? Timeout.InfiniteTimeSpan : TurnUntil(set, now), Timeout.InfiniteTimeSpan);

            // Between the call, whose writes may be unordered, and the look: see above.
            Interlocked.MemoryBarrier();
        }
        while (Volatile.Read(ref _wake) != set);
    }

    private void StopTimer()
    {
        try
        {
            SetTimer();
        }
        catch (Exception)
        {
            // A provider's timer that cannot be stopped will wake once for nothing. That is no reason to
            // break off the cancellation that has come by here.
        }
    }

    private TimeSpan TurnUntil(long wake, long now)
    {
        var left = new TimeSpan(Math.Clamp(wake - now, 0, s_longestTurn.Ticks));

        // Timers of System count whole milliseconds and would wake early: round up. A fake clock is taken at
        // its word.
        return IsSystem ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : left;
    }

    private ITimer MakeTimer()
    {
        // The timer lives on; it must not keep what the first caller's execution context holds.
        var restore = !ExecutionContext.IsFlowSuppressed();
        var flow = restore ? ExecutionContext.SuppressFlow() : default;
        try
        {
            var fresh = TimeProvider.CreateTimer(
                static state => ((DeadlineQueue)state!).OnTimer(), this, Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan);
            if (Interlocked.CompareExchange(ref _timer, fresh, null) is not { } timer)
            {
                return fresh;
            }

            fresh.Dispose();
            return timer;
        }
        finally
        {
            if (restore)
            {
                flow.Undo();
            }
        }
    }

    private void Enter()
    {
        // The exchange is a full fence, and Exit a release: what the last holder wrote is seen by this one.
        if (Interlocked.CompareExchange(ref _lock, 1, 0) != 0)
        {
            EnterContended();
        }
    }

    private void EnterContended()
    {
        if (this == s_system && s_systems is null && Seam.IsCrowded())
        {
            Split();
        }

        for (var wait = default(SpinWait); Interlocked.CompareExchange(ref _lock, 1, 0) != 0;)
        {
            Seam.Wait(ref wait);
        }
    }

    /// <summary>From now on, each core has a queue of System's. What waits stays where it is.</summary>
    private static void Split()
    {
        var systems = new DeadlineQueue[StripeSet.Count];
        for (var i = 0; i < systems.Length; i++)
        {
            systems[i] = i == 0 ? s_system : new DeadlineQueue(TimeProvider.System, s_system._start);
        }

        // The first one stays. A full fence, so that the queues are seen whole.
        Interlocked.CompareExchange(ref s_systems, systems, null);
    }

    private void Exit()
    {
        Debug.Assert(_lock == 1, "Only the holder releases the lock.");
        Volatile.Write(ref _lock, 0);
    }
}
