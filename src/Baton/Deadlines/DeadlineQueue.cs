using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Baton;

/// <summary>All live deadlines of one <see cref="TimeProvider"/>, behind one timer.</summary>
/// <remarks>
/// The system's clock has one queue until threads have contended for its lock many times. From then on it has
/// about as many queues as there are cores, each with a timer of its own; all count the same time. A child's
/// deadline waits in the queue of its parent's deadline, so that the two fall due in their order.
/// </remarks>
internal sealed class DeadlineQueue
{
    /// <summary>Later than any deadline. A context that is due then need not be put in the queue.</summary>
    internal const long Never = TimingWheel.Never;

    /// <summary>
    /// The longest time that a timer of .NET takes is 49 days. A deadline further away is waited for in
    /// several turns.
    /// </summary>
    private static readonly TimeSpan s_longestTurn = TimeSpan.FromDays(45);

    private static readonly ConditionalWeakTable<TimeProvider, DeadlineQueue> s_queues = [];

    private static readonly DeadlineQueue s_system = MakeSystem();
    private static DeadlineQueue[]? s_systems;

    private readonly DeadlineClock _clock;

    /// <summary>The deadlines. The lock guards them, and their count.</summary>
    private readonly TimingWheel _wheel = new();
    private int _count;
    private int _lock;
    private ITimer? _timer;

    /// <summary>
    /// Whether the timer threw when it was last set. If so, the next thread that adds a deadline sets it.
    /// This is a hint, and orders nothing.
    /// </summary>
    private volatile bool _isUnset;

    /// <summary>The time for which the timer is needed next. Written under the lock, read without.</summary>
    private long _wake = Never;

    private DeadlineQueue(DeadlineClock clock) => _clock = clock;

    /// <summary>
    /// The queue of the system's clock for this thread's core. Acquire: the queues are seen whole.
    /// </summary>
    internal static DeadlineQueue System =>
        Volatile.Read(ref s_systems) is { } systems ? systems[Seam.PickStripe(systems.Length)] : s_system;

    internal TimeProvider TimeProvider => _clock.TimeProvider;

    /// <summary>How many deadlines of the provider wait.</summary>
    internal int Count =>
        IsSystem && s_systems is { } systems ? systems.Sum(static queue => queue.OwnCount) : OwnCount;

    /// <inheritdoc cref="DeadlineClock.Now" />
    internal long Now => _clock.Now;

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

    internal static DeadlineQueue For(TimeProvider timeProvider) => timeProvider == TimeProvider.System
        ? System
        : s_queues.GetValue(
            timeProvider,
            static provider => new DeadlineQueue(new DeadlineClock(provider, provider.GetTimestamp())));

    /// <inheritdoc cref="DeadlineClock.After" />
    internal long DueAfter(TimeSpan timeout) => _clock.After(timeout);

    /// <inheritdoc cref="DeadlineClock.ToUtc" />
    internal DateTimeOffset ToUtc(long due) => _clock.ToUtc(due);

    /// <summary>Puts a context in the queue, if it is live.</summary>
    internal void Add(DeadlineContext ctx)
    {
        Enter();
        if (ctx.IsMarkedDone)
        {
            // Its parent has ended it meanwhile, and its removal may have run already: inserted now, it would
            // stay in the queue. Do not ask upstream here: that may end the context, which takes this lock.
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
    /// Takes a context out of the queue. Does nothing if the context is not in it, or has fallen due.
    /// </summary>
    internal void Remove(DeadlineContext ctx)
    {
        Enter();
        var isIdle = false;
        if (ctx.DueSlot != TimingWheel.NotQueued)
        {
            _wheel.Remove(ctx);

            // The system's timer stays set: at worst it wakes once for nothing, which costs less than setting
            // it anew for every deadline that is added and removed. The timer of another provider is stopped,
            // because it would keep that provider alive.
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

    private static DeadlineQueue MakeSystem()
    {
        DeadlineMeter.Start();
        return new(new DeadlineClock(TimeProvider.System, TimeProvider.System.GetTimestamp()));
    }

    private void OnTimer()
    {
        var due = new List<DeadlineContext>();
        var reading = _clock.Read();
        Enter();

        // If the provider was stepped back, nothing says how far. But its timer does not follow the step: it
        // fires when the time that it was set to has passed, so it is now at least that time.
        var now = _clock.Settle(
            reading,
            ifSteppedBack: _wake == Never
                ? reading.SetAt
                : Math.Min(_wake, _clock.SetAt + s_longestTurn.Ticks));
        _wheel.Turn(now, due);
        _count -= due.Count;
        Volatile.Write(ref _wake, _wheel.NextWake());
        Exit();

        try
        {
            // The timer is set again before any context is ended, so that a long list delays no later deadline.
            SetTimer();
        }
        finally
        {
            // The sort is stable: equal deadlines keep the order in which they were made.
            foreach (var ctx in due.OrderBy(static ctx => ctx.DueTicks))
            {
                ctx.Expire(now);
            }

            DeadlineMeter.Passed(due, now);
        }
    }

    /// <summary>
    /// Sets the timer to the wake time. Call it outside the lock: a provider's timer is a caller's code.
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
            // Two threads may set the timer at once, and the second call may carry a wake time that has been
            // replaced by a sooner one. So each thread looks again after its call: the last thread to set the
            // timer has set it to the last wake time.
            var reading = _clock.Read();
            Enter();
            set = _wake;

            // If the provider was stepped back, the clock goes on from where it was: otherwise the timer
            // would be as late as the step is long.
            var now = _clock.Settle(reading, ifSteppedBack: reading.SetAt);
            _clock.NoteSet(now);
            Exit();
            timer.Change(
                set == Never ? Timeout.InfiniteTimeSpan : TurnUntil(set, now), Timeout.InfiniteTimeSpan);

            // A full fence between the call, whose writes may be unordered, and the look: see above.
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
            // A provider's timer that cannot be stopped wakes once for nothing. Do not throw: that would break
            // off the cancellation which removes the deadline.
        }
    }

    private TimeSpan TurnUntil(long wake, long now)
    {
        var left = new TimeSpan(Math.Clamp(wake - now, 0, s_longestTurn.Ticks));

        // The system's timers count whole milliseconds and would wake early: round up. A fake clock's timer
        // fires at the time that it is given.
        return IsSystem ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : left;
    }

    private ITimer MakeTimer()
    {
        // The timer lives as long as the queue. Without the suppression, it would keep alive what the
        // execution context of the first caller holds.
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
        if (!StateLock.TryEnterOpen(ref _lock))
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

        StateLock.Enter(ref _lock);
    }

    private void Exit()
    {
        Debug.Assert(_lock == StateLock.Locked, "Only the holder releases the lock.");
        StateLock.Exit(ref _lock);
    }

    /// <summary>
    /// From now on each core has a queue of the system's clock. Deadlines that wait stay where they are.
    /// </summary>
    private static void Split()
    {
        var systems = new DeadlineQueue[StripeSet.Count];
        for (var i = 0; i < systems.Length; i++)
        {
            systems[i] = i == 0 ? s_system : new DeadlineQueue(s_system._clock.Another());
        }

        // The first set of queues stays. A full fence: other threads see the queues whole.
        Interlocked.CompareExchange(ref s_systems, systems, null);
    }
}
