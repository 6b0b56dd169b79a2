using System.Text;

namespace Baton;

/// <summary>
/// A context whose deadline its owner can take back: a request's, under a server that allows that.
/// </summary>
internal sealed class LiftableContext(
    Context parent, DeadlineQueue queue, TimeSpan timeout, long due, Exception? cause)
    : DeadlineContext(parent, queue, timeout, due, cause)
{
    private volatile bool _isLifted;

    internal override DateTimeOffset Deadline =>
        _isLifted && Parent!.Due is { } further ? further.Deadline : base.Deadline;

    /// <summary>
    /// Takes the deadline back, unless it has passed. What is left is the parent's, here and in everything
    /// derived from here that took this one over.
    /// </summary>
    internal void Lift()
    {
        // First, because the queue finds a deadline by its time. If it has fallen due meanwhile the context
        // ends.
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
