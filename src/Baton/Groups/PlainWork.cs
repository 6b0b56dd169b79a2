namespace Baton;

/// <summary>A work without a result; its start may be waited for.</summary>
internal sealed class PlainWork(
    ContextGroup group, Func<Context, Task> work, TaskCompletionSource? start = null) : GroupWork(group, work)
{
    internal override void Start()
    {
        base.Start();
        start?.SetResult();
    }

    internal override void Drop(OperationCanceledException error) => start?.SetFromTask(EndedTask.By(error));
}
