using System.Text;

namespace Baton;

/// <summary>A context that also ends along with another one.</summary>
/// <param name="parent">What it is derived from: <paramref name="bound"/>, if there is one.</param>
/// <param name="other">What else ends it.</param>
/// <param name="bound">A context made for this one alone, to bring the other's deadline along.</param>
internal sealed class MergedContext(Context parent, Context other, CancelableContext? bound)
    : CancelableContext(parent, Holder)
{
    private Follower? _follower;

    internal override DeadlineContext? Due { get; } = parent.Due;

    internal override void AppendTo(StringBuilder text) => text.Append(".WithCancel(token)");

    /// <summary>Starts to follow the other context, which may be done already.</summary>
    internal void Link()
    {
        _follower = new Follower(this);
        other.Owner!.Add(_follower);
        if (Ended)
        {
            // Ended before there was a follower to let go of.
            OnDone();
        }
    }

    private protected override void OnDone()
    {
        // A full fence between the state, just written, and the follower: either it is seen here, or Link
        // sees that this context has ended.
        Interlocked.MemoryBarrier();
        if (_follower is { } follower && follower.TryStop())
        {
            other.Owner!.Remove(follower);
        }

        // Not if the bound is ending already: it may be what ends this one, on this very thread.
        bound?.EndIfLive();
    }

    private Outcome EndingOfOther => other.Owner!.Ending!;

    private sealed class Follower(MergedContext merged) : Callback
    {
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
                next.End(next.EndingOfOther);
            }

            t_pending = null;
        }
    }
}
