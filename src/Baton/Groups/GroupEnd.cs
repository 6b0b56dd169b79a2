namespace Baton;

/// <summary>Tells a group with a limit that its context is done: no turn comes any more.</summary>
internal sealed class GroupEnd(ContextGroup group) : Callback, IThreadPoolWorkItem
{
    internal override void Run()
    {
        // On a thread of its own: a cancellation does not wait until everything that waits has been dropped.
        if (group.EndTurns())
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute() => group.DropWaiting();
}
