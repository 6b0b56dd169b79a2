namespace Baton;

/// <summary>A work of a <see cref="ContextGroup"/>, from the call that gave it to its end.</summary>
internal abstract class GroupWork(ContextGroup group, Func<Context, Task> work) : IThreadPoolWorkItem
{
    private readonly ExecutionContext? _flow = ExecutionContext.Capture();
    private Task? _task;

    /// <summary>The work whose turn is next. Guarded by the group's lock.</summary>
    internal GroupWork? Next { get; set; }

    /// <summary>
    /// The task of the work's result, which has its failure too. Null if nobody wants a result.
    /// </summary>
    internal virtual Task? Result => null;

    internal virtual void Start() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    /// <summary>Called instead of <see cref="Start"/>, if the context ended before.</summary>
    internal abstract void Drop(OperationCanceledException error);

    /// <summary>Called when the work's own task has completed.</summary>
    internal virtual void End(Task task)
    {
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_flow is null)
        {
            Run();
        }
        else
        {
            ExecutionContext.Run(_flow, static state => ((GroupWork)state!).Run(), this);
        }
    }

    private void Run()
    {
        _task = EndedTask.Of(work, group.Context);
        if (_task.IsCompleted)
        {
            Finish();
        }
        else
        {
            // As an await would, but with a smaller object.
            _task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(Finish);
        }
    }

    private void Finish() => group.Finish(this, _task!);
}
