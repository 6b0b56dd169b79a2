using System.Runtime.CompilerServices;
using System.Text;

namespace Baton;

/// <summary>
/// A context that ends by itself when its time has come. A node of the <see cref="DeadlineQueue"/>.
/// </summary>
internal class DeadlineContext : CancelableContext
{
    private readonly long _timeoutTicks;

    /// <summary>
    /// The queue; once <see cref="Deadline"/> was asked, the answer with the queue behind it. One field for
    /// two, because few are asked.
    /// </summary>
    private object _home;

    /// <param name="parent">What it is derived from.</param>
    /// <param name="queue">The queue it is to wait in.</param>
    /// <param name="timeout">How long it has.</param>
    /// <param name="due">When it falls due, in ticks of the queue.</param>
    /// <param name="cause">What it ends with then, if it was given.</param>
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
            // Acquire: an answer is seen whole.
            var home = Volatile.Read(ref _home);
            return home is DeadlineQueue queue ? queue : Unsafe.As<Answer>(home).HomeQueue;
        }
    }

    /// <summary>What it was given when it was made.</summary>
    internal TimeSpan Timeout => new(_timeoutTicks);

    internal long DueTicks { get; private protected set; }

    /// <summary>Where it waits in the queue. These three are guarded by the queue's lock.</summary>
    internal DeadlineContext? DueNext { get; set; }

    /// <inheritdoc cref="DueNext" />
    internal DeadlineContext? DuePrevious { get; set; }

    /// <inheritdoc cref="DueNext" />
    internal short DueSlot { get; set; } = TimingWheel.NotQueued;

    internal override DeadlineContext Due => this;

    internal new TimeSpan Remaining => new(Math.Max(0, DueTicks - HomeQueue.Now));

    internal new virtual DateTimeOffset Deadline
    {
        get
        {
            var seen = Volatile.Read(ref _home);
            if (seen is DeadlineQueue queue)
            {
                // The first answer stays: the exchange publishes a whole object, or gives another thread's.
                var fresh = new Answer(queue, queue.ToUtc(DueTicks));
                seen = Interlocked.CompareExchange(ref _home, fresh, queue);
                if (ReferenceEquals(seen, queue))
                {
                    return fresh.Deadline;
                }
            }

            return Unsafe.As<Answer>(seen).Deadline;
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
    /// Whether nothing has ended the context yet. If so, what its deadline has left, and would end it with.
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

    /// <summary>Whether it was this context's own deadline that ended it. For when it is done.</summary>
    /// <remarks>
    /// Not by way of <see cref="CancelableContext.Ending"/>, which may have to make an outcome.
    /// </remarks>
    private protected bool HasExpired => Volatile.Read(ref _outcome)!.PassedDeadline == this;

    /// <summary>Ends the context because its deadline has passed.</summary>
    /// <param name="now">When that was noticed, in ticks of the queue.</param>
    internal void Expire(long now) => End(new Outcome(PlannedCause, this, now));

    internal override void AppendTo(StringBuilder text) =>
        text.Append(".WithDeadline(")
            .Append(Deadline.ToString(
                "yyyy-MM-dd HH:mm:ss.FFFFFFF zzz", System.Globalization.CultureInfo.InvariantCulture))
            .Append(" [")
            .Append(ContextText.Duration(DueTicks - HomeQueue.Now))
            .Append(" left])");

    private protected sealed override void OnDone() => HomeQueue.Remove(this);

    private sealed class Answer(DeadlineQueue homeQueue, DateTimeOffset deadline)
    {
        internal DeadlineQueue HomeQueue => homeQueue;

        internal DateTimeOffset Deadline => deadline;
    }
}

/// <summary>A context whose deadline was given as an instant.</summary>
internal sealed class InstantContext(
    Context parent, DeadlineQueue queue, TimeSpan timeout, long due, DateTimeOffset deadline,
    Exception? cause)
    : DeadlineContext(parent, queue, timeout, due, cause)
{
    private readonly long _utcTicks = deadline.UtcTicks;

    internal override DateTimeOffset Deadline => new(_utcTicks, TimeSpan.Zero);
}
