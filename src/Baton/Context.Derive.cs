namespace Baton;

public abstract partial class Context
{
    /// <summary>Derives a context that can be canceled.</summary>
    /// <remarks>
    /// The child also ends when this context does. If this context is done already, the child is done on
    /// return, with the same <see cref="Err"/> and <see cref="Cause"/>. Dispose the child: until then this
    /// context holds on to it.
    /// </remarks>
    public CancelableContext WithCancel()
    {
        var child = new CancelContext(this);
        Owner?.Adopt(child);
        return child;
    }

    /// <summary>Derives a context that also ends when <paramref name="also"/> is canceled: merging.</summary>
    /// <remarks>
    /// If the token is the <see cref="Done"/> of a context, the child takes over that context's error, cause
    /// and earlier deadline; a deadline on another clock counts by the time that remains. A token that can
    /// never be canceled adds nothing. Dispose the child: until then this context, and the token, hold on to
    /// it.
    /// </remarks>
    public CancelableContext WithCancel(CancellationToken also)
    {
        if (!also.CanBeCanceled)
        {
            return WithCancel();
        }

        // From a context that is done, the child takes over the outcome, and the deadline no longer matters.
        var other = FromToken(also).Owner!;
        var bound = !other.IsMarkedDone
            && other.EarliestDue is { } due
            && due.IsPending(out var left, out var cause)
            ? Bound(due, left, cause)
            : null;
        var merged = new MergedContext(bound ?? this, other, bound);
        merged.Parent!.Owner?.Adopt(merged);
        merged.Link();
        return merged;
    }

    /// <summary>
    /// Derives a context that ends when <paramref name="deadline"/> has passed, or earlier.
    /// </summary>
    /// <remarks>
    /// If this context has a strictly earlier deadline, the child inherits it and <paramref name="cause"/> is
    /// not used. A deadline that is not in the future is exceeded on return, unless this context is done
    /// already: then the child ends as its parent did. The time that remains is worked out once, at this call;
    /// a later step of the wall clock changes nothing. Dispose the child: until its deadline, this context
    /// holds on to it.
    /// </remarks>
    /// <param name="deadline">Any instant, <see cref="DateTimeOffset.MaxValue"/> included.</param>
    /// <param name="cause">
    /// What <see cref="Cause"/> gives if this deadline is what ends the context. Null: the error itself.
    /// </param>
    public CancelableContext WithDeadline(DateTimeOffset deadline, Exception? cause = null)
    {
        return WithDue(deadline - TimeProvider.GetUtcNow(), deadline, cause);
    }

    /// <summary>Derives a context that ends after <paramref name="timeout"/>, or earlier.</summary>
    /// <remarks>
    /// If this context has a strictly earlier deadline, the child inherits it and <paramref name="cause"/> is
    /// not used. Dispose the child: until its deadline, this context holds on to it.
    /// </remarks>
    /// <param name="timeout">
    /// The duration. Zero or less is exceeded on return, unless this context is done already: then the child
    /// ends as its parent did. <see cref="Timeout.InfiniteTimeSpan"/> sets no deadline. There is no upper
    /// bound.
    /// </param>
    /// <param name="cause">
    /// What <see cref="Cause"/> gives if this timeout is what ends the context. Null: the error itself.
    /// </param>
    public CancelableContext WithTimeout(TimeSpan timeout, Exception? cause = null)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return WithCancel();
        }

        return WithDue(timeout, deadline: null, cause);
    }

    /// <summary>
    /// Derives a context that carries <paramref name="value"/> under <paramref name="key"/>.
    /// </summary>
    /// <remarks>
    /// For data that belongs to the request and crosses layers: a tenant, a principal, a trace id. Not for
    /// parameters, services or options. The value, also if it is null, hides a value that is stored under the
    /// same key further up. The result ends when this context does, and needs no disposal.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public Context WithValue<T>(ContextKey<T> key, T value)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new ValueContext<T>(this, key, value);
    }

    /// <summary>
    /// Derives a context with the values and clock of this one, but neither its end nor its deadline.
    /// </summary>
    /// <remarks>
    /// For work that outlives the request. The result is live even if this context is done, and needs no
    /// disposal.
    /// </remarks>
    public Context WithoutCancel() => new DetachedContext(this);

    /// <summary>
    /// As <see cref="WithTimeout"/>. If the child gets a deadline of its own, that deadline can be taken back
    /// by <see cref="LiftableContext.Lift"/>.
    /// </summary>
    internal CancelableContext WithLiftableTimeout(TimeSpan timeout, Exception cause) =>
        WithDue(timeout, deadline: null, cause, isLiftable: true);

    /// <summary>
    /// A child with the deadline of another context: the very same on the same clock, and what remains of it
    /// on another.
    /// </summary>
    private CancelableContext Bound(DeadlineContext other, TimeSpan left, Exception? cause) =>
        other.HomeQueue.TimeProvider == TimeProvider
            ? WithDue(left, other.Deadline, cause, knownDue: other.DueTicks)
            : WithTimeout(left, cause);

    private CancelableContext WithDue(
        TimeSpan timeout,
        DateTimeOffset? deadline,
        Exception? cause,
        bool isLiftable = false,
        long? knownDue = null)
    {
        var earlier = Due;
        var queue = earlier?.HomeQueue ?? Queue;
        var due = knownDue ?? queue.DueAfter(timeout);
        if (earlier is not null && earlier.DueTicks < due)
        {
            return WithCancel();
        }

        var child = deadline is { } instant ? new InstantContext(this, queue, timeout, due, instant, cause)
            : isLiftable ? new LiftableContext(this, queue, timeout, due, cause)
            : new DeadlineContext(this, queue, timeout, due, cause);
        Schedule(child, timeout);
        return child;
    }

    private void Schedule(DeadlineContext child, TimeSpan timeout)
    {
        Owner?.Adopt(child);

        // This comes after the adoption, so that a parent that is done already wins over a deadline that has
        // passed already.
        if (timeout <= TimeSpan.Zero)
        {
            child.Expire(child.HomeQueue.Now);
        }
        else
        {
            ScheduleLive(child);
        }
    }

    /// <summary>Puts the child in its queue. If that fails, ends it and throws.</summary>
    internal static void ScheduleLive(DeadlineContext child)
    {
        try
        {
            child.HomeQueue.Add(child);
        }
        catch
        {
            // The provider's timer failed, and the caller gets no child to dispose.
            child.Dispose();
            throw;
        }
    }
}
