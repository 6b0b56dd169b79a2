using System.Text;
using System.Text.Json.Serialization;

namespace Baton;

/// <summary>A context that also ends along with another one.</summary>
/// <param name="parent">The context it is derived from: <paramref name="bound"/>, if there is one.</param>
/// <param name="other">The other context that ends it, which may be done already.</param>
/// <param name="bound">
/// A context made for this one alone, which brings the other's deadline along. Null if there is none.
/// </param>
[JsonConverter(typeof(ContextJsonConverter))]
internal sealed class MergedContext(Context parent, CancelableContext other, CancelableContext? bound)
    : CancelableContext(parent, HasOnDone | BelowMerge | (other.IsBelowToken ? BelowToken : 0))
{
    private Follower? _follower;

    /// <summary>The other context that ends this one.</summary>
    internal CancelableContext Other => other;

    internal override DeadlineContext? Due { get; } = parent.Due;

    internal override void AppendTo(StringBuilder text) => text.Append(".WithCancel(token)");

    /// <summary>Starts to follow the other context, which may be done already.</summary>
    internal void Link()
    {
        _follower = new Follower(this);
        MarkFollowed(other);
        other.Add(_follower);
        if (IsMarkedDone)
        {
            // This context has ended, perhaps before OnDone could find the follower and take it off.
            OnDone();
        }
    }

    /// <summary>Ends this context as the other one, which is done, ended.</summary>
    internal void EndAsOther() => EndNow(other.Ending!);

    private protected override void OnDone()
    {
        // A full fence between the state, just written, and the read of the follower: either this thread sees
        // the follower, or Link sees that this context has ended.
        Interlocked.MemoryBarrier();
        if (_follower is { } follower && follower.TryStop())
        {
            other.Remove(follower);
        }

        // Do not wait here: the bound may be ending this context on this very thread, and waiting for it would
        // deadlock.
        bound?.EndIfLive();
    }

    private sealed class Follower(MergedContext merged) : Callback
    {
        /// <summary>
        /// The merged contexts that this thread has still to end. Null while it is ending none.
        /// </summary>
        [ThreadStatic]
        private static Queue<MergedContext>? t_pending;

        internal override void Run()
        {
            if (t_pending is { } pending)
            {
                pending.Enqueue(merged);
                return;
            }

            // One merged context may end another one, and so on. A queue, because the chain may be longer
            // than the stack is deep. The cancellation that started it returns when all of them are done.
            pending = t_pending = new Queue<MergedContext>([merged]);
            while (pending.TryDequeue(out var next))
            {
                next.EndAsOther();
            }

            t_pending = null;
        }
    }
}
