namespace Baton;

/// <summary>
/// A task without a result. A caller of <see cref="ContextGroup.GoAsync"/> waits for its start.
/// </summary>
internal sealed class PlainTask(
    ContextGroup group, Func<Context, Task> function, TaskCompletionSource? start = null)
    : GroupTask(group, function)
{
    internal override void Start()
    {
        base.Start();
        start?.SetResult();
    }

    internal override void Drop(OperationCanceledException error) => start?.SetFromTask(EndedTask.By(error));
}
