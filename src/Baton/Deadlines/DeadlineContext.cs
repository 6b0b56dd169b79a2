using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Serialization;

namespace Baton;

/// <summary>
/// A context that ends by itself when its deadline passes. It is a node of a <see cref="DeadlineQueue"/>.
/// </summary>
[JsonConverter(typeof(ContextJsonConverter))]
internal class DeadlineContext : CancelableContext
{
    private readonly long _timeoutTicks;

    /// <summary>
    /// The queue; once a caller has read <see cref="Deadline"/>, a <see cref="KnownDeadline"/> that holds the
    /// queue. One field for two, because few deadlines are read.
    /// </summary>
    private object _home;

    /// <param name="parent">The context it is derived from.</param>
    /// <param name="queue">The queue that it waits in.</param>
    /// <param name="timeout">The duration that was given.</param>
    /// <param name="due">When the deadline passes, in ticks of the queue.</param>
    /// <param name="cause">What the deadline ends the context with. Null: the error itself.</param>
    internal DeadlineContext(
        Context parent, DeadlineQueue queue, TimeSpan timeout, long due, Exception? cause)
        : this(parent, queue, timeout, due, HasOnDone)
    {
        if (cause is not null)
        {
            _outcome = new Outcome(cause, this);
        }
    }

    private protected DeadlineContext(
        Context parent, DeadlineQueue queue, TimeSpan timeout, long due, int kind)
        : base(parent, kind)
    {
        _home = queue;
        _timeoutTicks = timeout.Ticks;
        DueTicks = due;
    }

    internal DeadlineQueue HomeQueue
    {
        get
        {
            // Acquire: a known deadline is seen whole.
            var home = Volatile.Read(ref _home);
            return home is DeadlineQueue queue ? queue : Unsafe.As<KnownDeadline>(home).HomeQueue;
        }
    }

    /// <summary>The duration that the deadline was given as.</summary>
    internal TimeSpan Timeout => new(_timeoutTicks);

    internal long DueTicks { get; private protected set; }

    /// <summary>Where the context waits in the queue, whose lock guards these three.</summary>
    internal DeadlineContext? DueNext { get; set; }

    /// <inheritdoc cref="DueNext" />
    internal DeadlineContext? DuePrevious { get; set; }

    /// <inheritdoc cref="DueNext" />
    internal short DueSlot { get; set; } = TimingWheel.NotQueued;

    internal override DeadlineContext Due => this;

    internal new TimeSpan Remaining => new(Math.Max(0, DueTicks - HomeQueue.Now));

    /// <summary>
    /// How long ago the deadline passed; zero while it has not. Counted on the monotonic clock: the wall clock
    /// may have been set to another time since, and the difference between two of its instants would be wrong.
    /// </summary>
    internal TimeSpan Overrun => new(Math.Max(0, HomeQueue.Now - DueTicks));

    internal new virtual DateTimeOffset Deadline
    {
        get
        {
            var seen = Volatile.Read(ref _home);
            if (seen is DeadlineQueue queue)
            {
                // The first result stays. The exchange publishes a whole object, or gives that of another
                // thread.
                var fresh = new KnownDeadline(queue, queue.ToUtc(DueTicks));
                seen = Interlocked.CompareExchange(ref _home, fresh, queue);
                if (ReferenceEquals(seen, queue))
                {
                    return fresh.Deadline;
                }
            }

            return Unsafe.As<KnownDeadline>(seen).Deadline;
        }
    }

    /// <summary>
    /// The cause to end with when the deadline passes; null if none was given, or if something else has ended
    /// the context.
    /// </summary>
    /// <remarks>
    /// Acquire: the outcome is seen whole, also one that has just replaced the planned one.
    /// </remarks>
    internal Exception? PlannedCause =>
        Volatile.Read(ref _outcome) is { } outcome && outcome.PassedDeadline == this ? outcome.Cause : null;

    /// <summary>
    /// Whether nothing has ended the context yet. If so, also what remains before its deadline, and the cause
    /// that the deadline would end it with.
    /// </summary>
    internal bool IsPending(out TimeSpan left, out Exception? cause)
    {
        cause = PlannedCause;
        left = Remaining;
        if (!IsClosed)
        {
            return true;
        }

        WaitUntilDone();
        return false;
    }

    /// <summary>
    /// Whether this context's own deadline has ended it. Ask only once it is done. Unlike
    /// <see cref="CancelableContext.Ending"/>, this allocates no outcome.
    /// </summary>
    private protected bool HasExpired => Volatile.Read(ref _outcome)!.PassedDeadline == this;

    /// <summary>Ends the context because its deadline has passed.</summary>
    /// <param name="now">When its passing was noticed, in ticks of the queue.</param>
    internal void Expire(long now) => End(new Outcome(PlannedCause, this, now));

    internal override void AppendTo(StringBuilder text) =>
        text.Append(".WithDeadline(")
            .Append(Deadline.ToString(
                "yyyy-MM-dd HH:mm:ss.FFFFFFF zzz", System.Globalization.CultureInfo.InvariantCulture))
            .Append(" [")
            .Append(ContextText.Duration(DueTicks - HomeQueue.Now))
            .Append(" left])");

    private protected sealed override void OnDone() => HomeQueue.Remove(this);

    private sealed class KnownDeadline(DeadlineQueue homeQueue, DateTimeOffset deadline)
    {
        internal DeadlineQueue HomeQueue => homeQueue;

        internal DateTimeOffset Deadline => deadline;
    }
}

/// <summary>A context whose deadline was given as an instant.</summary>
[JsonConverter(typeof(ContextJsonConverter))]
internal sealed class InstantContext(
    Context parent, DeadlineQueue queue, TimeSpan timeout, long due, DateTimeOffset deadline,
    Exception? cause)
    : DeadlineContext(parent, queue, timeout, due, cause)
{
    private readonly long _utcTicks = deadline.UtcTicks;

    internal override DateTimeOffset Deadline => new(_utcTicks, TimeSpan.Zero);
}
