using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Baton;

/// <summary>
/// Carries a deadline, a cancellation signal with its cause, and request values down a call chain.
/// </summary>
/// <remarks>
/// <para>
/// Hand it on as the first parameter, named <c>ctx</c>. A context can be passed wherever a method takes a
/// <see cref="CancellationToken"/>: the conversion is implicit. The <c>With…</c> methods derive a child.
/// Canceling a context ends everything derived from it and nothing above it.
/// </para>
/// <para>
/// Lifetime: a <see cref="CancelableContext"/> is held by its parent until it is disposed, canceled, or its
/// deadline passes, or until the parent itself ends. A child that is dropped without
/// <see cref="CancelableContext.Dispose"/> under a long-lived parent is a leak. Write <c>using var ctx =
/// parent.WithTimeout(…)</c>.
/// </para>
/// <para>Threads: every member may be called from any thread at any time.</para>
/// <para>
/// Callbacks run in no promised order. Ending a context asks the code that uses it to stop, and does not wait
/// for that: the code may still run when the cancellation returns.
/// </para>
/// <para>
/// The behaviour follows Go's package <c>context</c>, version 1.26; <c>docs/from-go.md</c> lists the
/// differences.
/// </para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
[JsonConverter(typeof(ContextJsonConverter))]
public abstract partial class Context
{
    private protected Context(Context? parent)
    {
        Parent = parent;
        Values = parent?.Values;
    }

    private protected Context(Context parent, bool isValue)
    {
        Debug.Assert(isValue && this is ValueContext, "Only a value context is the nearest value of itself.");
        Parent = parent;
        Values = (ValueContext)this;
    }

    /// <summary>The root of all contexts: never done, without deadline, without values.</summary>
    /// <remarks>
    /// For <c>Main</c>, start-up and tests. Code that was handed a context derives from that context instead.
    /// </remarks>
    public static Context Background { get; } = new RootContext("Background");

    /// <summary>
    /// The same as <see cref="Background"/>, for code whose caller does not hand it a context yet.
    /// </summary>
    public static Context Todo { get; } = new RootContext("Todo");

    /// <summary>A root whose deadlines and delays run on another clock: for tests and simulations.</summary>
    /// <remarks>
    /// Like <see cref="Background"/>, it is never done and has no deadline and no values. Everything derived
    /// from it runs on <paramref name="timeProvider"/>. There is nothing to dispose.
    /// </remarks>
    /// <param name="timeProvider">The clock. <see cref="TimeProvider.System"/> gives <see cref="Background"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="timeProvider"/> is null.</exception>
    public static Context Root(TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        return timeProvider == TimeProvider.System ? Background : new RootContext(timeProvider);
    }

    /// <summary>The token that is canceled when this context is done.</summary>
    /// <remarks>
    /// The same token every time; the first read makes it. <see cref="CancellationToken.None"/> if this context
    /// can never be done. Callbacks registered on the token run on the thread pool, never on the thread that
    /// cancels. An exception that a callback throws is reported by
    /// <see cref="TaskScheduler.UnobservedTaskException"/>.
    /// </remarks>
    public abstract CancellationToken Done { get; }

    /// <summary>Whether this context was canceled or its deadline has passed.</summary>
    /// <remarks>
    /// Once true, it stays true. It becomes true together with <see cref="Err"/> and with the cancellation of
    /// <see cref="Done"/>: a thread that sees one of the three sees all of them, and sees every context derived
    /// from this one done as well. If this context hangs on a token that no context made, a thread that
    /// sees that token canceled sees this true.
    /// </remarks>
    [MemberNotNullWhen(true, nameof(Err), nameof(Cause))]
    public bool IsDone => Owner is { } owner && owner.Ended;

    /// <summary>
    /// Null while live; then a <see cref="ContextCanceledException"/> or a
    /// <see cref="DeadlineExceededException"/>.
    /// </summary>
    /// <remarks>
    /// The same object every time, shared with the contexts that ended along with this one. It is for
    /// reading. To throw, call <see cref="ThrowIfDone"/>, which makes an exception for each call.
    /// </remarks>
    public ContextException? Err => Owner?.Ending?.Err;

    /// <summary>
    /// Why this context is done: the cause that was given, otherwise <see cref="Err"/>. Null while live.
    /// </summary>
    /// <remarks>
    /// The first cancellation to reach a context fixes its cause; later ones change nothing.
    /// </remarks>
    public Exception? Cause => Owner?.Ending?.CauseOrErr;

    /// <summary>When this context's deadline passes, by the wall clock. Null without a deadline.</summary>
    /// <remarks>
    /// In universal time, and the same value every time, also after the context has ended early. A child
    /// inherits its parent's earlier deadline. For a context made with a timeout, the first read computes the
    /// instant. The deadline itself is kept on a monotonic clock, so a step of the wall clock does not move
    /// it.
    /// </remarks>
    public DateTimeOffset? Deadline => EarliestDue?.Deadline;

    /// <summary>
    /// The time that remains before the deadline: zero once it has passed,
    /// <see cref="Timeout.InfiniteTimeSpan"/> without a deadline.
    /// </summary>
    /// <remarks>
    /// Canceling the context early does not change it. <see cref="Timeout.InfiniteTimeSpan"/> is -1 ms, so it
    /// compares as less than any duration: to ask whether enough time remains, call
    /// <see cref="ThrowIfRemainingLessThan"/>, or look at <see cref="Deadline"/> first.
    /// </remarks>
    public TimeSpan Remaining => EarliestDue?.Remaining ?? Timeout.InfiniteTimeSpan;

    /// <summary>
    /// The clock that deadlines and delays of this context run on: <see cref="TimeProvider.System"/> by
    /// default.
    /// </summary>
    public TimeProvider TimeProvider => Queue.TimeProvider;

    /// <summary>The token of <paramref name="ctx"/>: its <see cref="Done"/>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="ctx"/> is null.</exception>
    public static implicit operator CancellationToken(Context ctx)
    {
        return ctx is null ? throw Guard.NullForToken() : ctx.Done;
    }

    /// <summary>A context that ends when <paramref name="token"/> is canceled.</summary>
    /// <remarks>
    /// If the token is the <see cref="Done"/> of a context, the result is that very context, with its
    /// deadline, cause and values. A token that was linked to it by <see
    /// cref="CancellationTokenSource.CreateLinkedTokenSource(CancellationToken)"/> is another token, and gives
    /// a new context. A token that can never be canceled gives <see cref="Background"/>. The context is
    /// registered on the token only while a derived context, a callback or a wait hangs on it, so there is
    /// nothing to dispose.
    /// </remarks>
    public static Context FromToken(CancellationToken token)
    {
        if (!token.CanBeCanceled)
        {
            return Background;
        }

        return ContextTokenSource.ContextOf(token) ?? new TokenContext(token);
    }

    /// <summary>Finds the context whose <see cref="Done"/> a token is.</summary>
    /// <remarks>
    /// A token that no context made gives no context here, although <see cref="FromToken"/> makes one over
    /// it.
    /// </remarks>
    /// <returns>Whether the token is a context's own.</returns>
    public static bool TryFromToken(CancellationToken token, [NotNullWhen(true)] out Context? ctx)
    {
        ctx = token.CanBeCanceled ? ContextTokenSource.ContextOf(token) : null;
        return ctx is not null;
    }

    /// <summary>Throws if this context is done: a fresh exception of the type of <see cref="Err"/>.</summary>
    /// <remarks>
    /// The exception's token is <see cref="Done"/>, and its inner exception the cause, if one was given.
    /// </remarks>
    /// <exception cref="ContextCanceledException">The context was canceled.</exception>
    /// <exception cref="DeadlineExceededException">The deadline of the context has passed.</exception>
    public void ThrowIfDone()
    {
        if (IsDone)
        {
            throw NewError();
        }
    }

    /// <summary>
    /// Throws if this context is done, or if less than <paramref name="needed"/> remains before its deadline.
    /// </summary>
    /// <remarks>
    /// Call it before work that cannot succeed in less time. The context stays live: only the call is refused.
    /// Without a deadline, only a context that is done throws.
    /// </remarks>
    /// <param name="needed">
    /// How much time the call needs: zero or more. Exactly that much is enough. With zero, only a context that
    /// is done throws.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="needed"/> is negative.</exception>
    /// <exception cref="ContextCanceledException">The context was canceled.</exception>
    /// <exception cref="DeadlineExceededException">
    /// The deadline of the context has passed; or too little time remains, and then the inner exception is an
    /// <see cref="InsufficientTimeException"/>.
    /// </exception>
    public void ThrowIfRemainingLessThan(TimeSpan needed)
    {
        Guard.Needed(needed);
        ThrowIfDone();
        if (EarliestDue is { } due && due.Remaining is var remaining && remaining < needed)
        {
            throw new DeadlineExceededException(
                due,
                lateness: TimeSpan.Zero,
                new InsufficientTimeException(needed, remaining),
                transportException: null,
                Done);
        }
    }

    /// <summary>
    /// A fresh exception for a call that this context ended: what <see cref="ThrowIfDone"/> throws.
    /// </summary>
    /// <remarks>
    /// For integrations. A transport may notice the end of the context first, and throw an exception of its
    /// own: this exception says the same in the context's words, and keeps the transport's exception.
    /// </remarks>
    /// <param name="transportException">
    /// What <see cref="ContextException.TransportException"/> gives. Null: nothing was thrown.
    /// </param>
    /// <param name="token">
    /// The token of the exception. Null: <see cref="Done"/>. Give another token for a call that was made with
    /// another token: callers compare the exception's token with their own.
    /// </param>
    /// <exception cref="InvalidOperationException">This context is live.</exception>
    public ContextException NewException(
        Exception? transportException = null, CancellationToken? token = null) => IsDone
        ? Owner!.FinalOutcome.NewError(transportException, token ?? Done)
        : throw new InvalidOperationException(
            "Only a context that is done has an exception, and this one is live. Look at IsDone first.");

    /// <summary>
    /// The value under <paramref name="key"/> nearest to this context, or the default of its type.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public T? Value<T>(ContextKey<T> key) => TryGetValue(key, out var value) ? value : default;

    /// <summary>Finds the value under <paramref name="key"/> nearest to this context.</summary>
    /// <remarks>
    /// True also for a null that was stored, which hides a value further up. Values outlive cancellation.
    /// However long the chain is, at most 16 of its values are compared one by one; an index finds the rest.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool TryGetValue<T>(ContextKey<T> key, [MaybeNullWhen(false)] out T value)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (Values?.Find(key, key.FilterBit) is { } pair)
        {
            value = ((ValueContext<T>)pair).Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>
    /// The chain this context was derived by, as Go prints it:
    /// <c>Background.WithCancel.WithValue(tenant)</c>.
    /// </summary>
    /// <remarks>Keys are shown by name; values never are.</remarks>
    public sealed override string ToString() => ContextText.Of(this);

    /// <summary>The context this one was derived from; null for a root.</summary>
    internal Context? Parent { get; private set; }

    /// <summary>The nearest value context, this one included.</summary>
    internal ValueContext? Values { get; private set; }

    /// <summary>Replaces the parent of a context that no other code has seen yet.</summary>
    private protected void DeriveFrom(Context parent)
    {
        Parent = parent;
        Values = parent.Values;
    }

    /// <summary>
    /// The nearest context, this one included, whose end is this context's end; null if it never ends.
    /// </summary>
    internal abstract CancelableContext? Owner { get; }

    /// <summary>The context whose deadline governs this one.</summary>
    internal virtual DeadlineContext? Due => Owner?.Due;

    /// <summary>
    /// As <see cref="Due"/>; null also if that deadline was taken back and there is none further up.
    /// </summary>
    private DeadlineContext? EarliestDue => Due is { DueTicks: < DeadlineQueue.Never } due ? due : null;

    /// <summary>The queue in which deadlines derived from this context wait.</summary>
    internal DeadlineQueue Queue
    {
        get
        {
            if (!RootContext.HasOtherClocks)
            {
                return DeadlineQueue.System;
            }

            if (Due is { } due)
            {
                return due.HomeQueue;
            }

            var top = this;
            while (top.Parent is { } parent)
            {
                top = parent;
            }

            return top is RootContext root ? root.HomeQueue : DeadlineQueue.System;
        }
    }

    /// <summary>This context's own step in <see cref="ToString"/>, with the dot before it.</summary>
    internal abstract void AppendTo(System.Text.StringBuilder text);

    /// <summary>A fresh exception for a context that is done.</summary>
    internal ContextException NewError(Exception? transportException = null)
    {
        Debug.Assert(IsDone, "Only a context that is done has an error.");
        return Owner!.FinalOutcome.NewError(transportException, Done);
    }
}
