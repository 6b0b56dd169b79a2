namespace Baton;

/// <summary>Ready when its task has completed.</summary>
internal class TaskCase(Task task, Delegate? handler) : SelectCase(handler)
{
    /// <summary>The task, or what gives up waiting for it.</summary>
    private Task? _wait;

    internal override bool HasEpilogue => HasHandler || !task.IsCompletedSuccessfully;

    internal sealed override bool IsPlain => false;

    private protected Task Awaited => task;

    internal override bool TryTake(SelectCases run) => task.IsCompleted;

    internal override SelectCase Fresh() => new TaskCase(task, Handler);

    // A task that failed is handed on, so that its exception is thrown as by the task itself.
    internal sealed override Task? Epilogue() => task.IsCompletedSuccessfully ? InvokeHandler() : task;

    private protected virtual Task? InvokeHandler() => base.Epilogue();

    private protected override bool Wait(SelectCases run)
    {
        // Not a continuation on the task itself: that cannot be taken off again, and the task may outlive
        // many selects.
        _wait = task.WaitAsync(run.StopToken);
        _wait.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnCompleted);
        return false;
    }

    private void OnCompleted()
    {
        if (_wait != task)
        {
            // Looked at, or it would be reported as unobserved. The task's own is its owner's matter.
            _ = _wait!.Exception;
        }

        if (task.IsCompleted)
        {
            Waiter!.Win(this);
        }
    }
}

/// <inheritdoc />
internal sealed class TaskCase<T>(Task<T> task, Delegate handler) : TaskCase(task, handler)
{
    internal override SelectCase Fresh() => new TaskCase<T>((Task<T>)Awaited, Handler!);

    private protected override Task? InvokeHandler()
    {
        var result = ((Task<T>)Awaited).Result;
        if (Handler is Func<T, Task> asyncHandler)
        {
            return asyncHandler(result);
        }

        ((Action<T>)Handler!)(result);
        return null;
    }
}
