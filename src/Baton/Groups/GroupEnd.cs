namespace Baton;

/// <summary>
/// Tells a group with a limit that its context is done, so that no task gets its turn any more.
/// </summary>
internal sealed class GroupEnd(ContextGroup group) : Callback, IThreadPoolWorkItem
{
    internal override void Run()
    {
        // The tasks are dropped on a thread of the pool. Otherwise a cancellation would take longer, the more
        // tasks wait for their turn.
        if (group.EndTurns())
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute() => group.DropWaiting();
}
