namespace Baton;

/// <summary>A task of a <see cref="ContextGroup"/>, from the call that gave it to its end.</summary>
internal abstract class GroupTask(ContextGroup group, Func<Context, Task> function) : IThreadPoolWorkItem
{
    private readonly ExecutionContext? _flow = ExecutionContext.Capture();
    private Task? _running;

    /// <summary>The task whose turn comes after this one's. Guarded by the group's lock.</summary>
    internal GroupTask? Next { get; set; }

    /// <summary>
    /// What <see cref="ContextGroup.Run{T}"/> returned: it fails as the task does. Null where no caller wants
    /// a result.
    /// </summary>
    internal virtual Task? Result => null;

    internal virtual void Start() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    /// <summary>Called in place of <see cref="Start"/> if the context ended before.</summary>
    internal abstract void Drop(OperationCanceledException error);

    /// <summary>Called when the function's own task has completed.</summary>
    internal virtual void End(Task ended)
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
            ExecutionContext.Run(_flow, static state => ((GroupTask)state!).Run(), this);
        }
    }

    private void Run()
    {
        _running = EndedTask.Of(function, group.Context);
        if (_running.IsCompleted)
        {
            Finish();
        }
        else
        {
            // This is what an await would do, but an await would allocate a larger object.
            _running.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(Finish);
        }
    }

    private void Finish() => group.Finish(this, _running!);
}
