using System.Text;
using System.Text.Json.Serialization;

namespace Baton;

/// <summary>
/// A context whose deadline its owner can take back: a request's, on a server that allows it.
/// </summary>
[JsonConverter(typeof(ContextJsonConverter))]
internal sealed class LiftableContext(
    Context parent, DeadlineQueue queue, TimeSpan timeout, long due, Exception? cause)
    : DeadlineContext(parent, queue, timeout, due, cause)
{
    private volatile bool _isLifted;

    internal override DateTimeOffset Deadline =>
        _isLifted && Parent!.Due is { } further ? further.Deadline : base.Deadline;

    /// <summary>
    /// Takes the deadline back, unless it has passed. From then on the parent's deadline counts, if there is
    /// one, here and in every context below that had inherited this deadline.
    /// </summary>
    internal void Lift()
    {
        // The removal comes first, because the time of a deadline must not change while it is queued: the queue
        // moves and fires it by its time. If the deadline has passed meanwhile, the context ends.
        HomeQueue.Remove(this);
        if (!IsClosed)
        {
            DueTicks = Parent!.Due?.DueTicks ?? DeadlineQueue.Never;
            _isLifted = true;
        }
    }

    internal override void AppendTo(StringBuilder text)
    {
        if (_isLifted)
        {
            text.Append(".WithCancel");
        }
        else
        {
            base.AppendTo(text);
        }
    }
}
