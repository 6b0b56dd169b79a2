namespace Baton;

/// <summary>
/// One <see cref="Context.WaitAsync(Task)"/> that found both the task and the context unfinished. Ends with
/// the first of the two.
/// </summary>
/// <remarks>
/// The wait is a callback of the context and a continuation of the task. Why not <see
/// cref="Task.WaitAsync(CancellationToken)"/>: the task that it returns ends with .NET's exception, so a
/// second task would have to end with the context's. <c>bench/core/compare/notes.md</c> has the figures.
/// </remarks>
/// <typeparam name="T">The task's result; <see cref="Nothing"/> for a task without one.</typeparam>
internal sealed partial class TaskWait<T> : Callback, IThreadPoolWorkItem
{
    private readonly Action _onCompleted;
    private Task? _task;
    private TaskCompletionSource<T>? _result;

    /// <summary>The context whose end ends the wait. Null while the wait is not in use.</summary>
    private CancelableContext? _owner;

    private TaskWait() => _onCompleted = OnCompleted;

    internal static Task<T> Start(CancelableContext owner, Task task)
    {
        var leftOnTask = PopIdle(task);
        var wait = leftOnTask ?? PopFree() ?? new TaskWait<T>();
        var result = new TaskCompletionSource<T>();
        wait._task = task;
        wait._result = result;

        // Release: the thread that completes the task, and sees this owner, also sees `_isTied`, which the
        // wait got when it was given up.
        Volatile.Write(ref wait._owner, owner);
        wait.Rearm();
        owner.Add(wait);
        if (leftOnTask is null)
        {
            task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(wait._onCompleted);
        }
        else if (task.IsCompleted)
        {
            // The task may have called OnCompleted before the wait had an owner, and it calls only once. The
            // lock in Add is a full fence between setting the owner and this look, so either the task saw the
            // owner or this thread sees the task completed. If both did, TryStop lets one of them through.
            wait.OnCompleted();
        }

        return result.Task;
    }

    /// <summary>
    /// The context is done. Ends the wait on the thread pool, because the code that awaits the wait runs as
    /// part of ending it, and no such code may run on the thread that cancels.
    /// </summary>
    internal override void Run() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute()
    {
        var (task, owner, result) = Clear();
        if (!task.IsCompleted)
        {
            PushIdle(task, this);
        }

        result.SetFromTask(EndedTask.By<T>(owner.NewError()));
    }

    /// <summary>The task has completed.</summary>
    private void OnCompleted()
    {
        // Null: the context has ended the wait already. Acquire: see Start.
        if (Volatile.Read(ref _owner) is not { } hangsOn)
        {
            return;
        }

        // If the callback was taken off a live context, the context cannot start it any more, and the
        // exchange of TryStop is not needed. A tied wait always needs the exchange: Start may not have added
        // it yet.
        var isFree = !_isTied && hangsOn.Remove(this);
        if (!isFree)
        {
            if (!TryStop())
            {
                return;
            }

            hangsOn.Remove(this);
        }

        var (task, owner, result) = Clear();
        if (isFree)
        {
            PushFree();
        }

        if (task.IsCompletedSuccessfully)
        {
            result.SetResult(typeof(T) == typeof(Nothing) ? default! : ((Task<T>)task).Result);
        }
        else if (IsCanceledBy(owner, task))
        {
            result.SetFromTask(EndedTask.By<T>(owner.NewError()));
        }
        else
        {
            EndedTask.CopyFailure(task, result);
        }
    }

    /// <summary>Whether the task was canceled by the context's own token.</summary>
    private static bool IsCanceledBy(CancelableContext owner, Task task) =>
        task.IsCanceled && owner.Ended
        && new TaskCanceledException(task).CancellationToken == owner.Done;

    /// <summary>Empties the wait, so that it keeps nothing alive and can be used again.</summary>
    private (Task Task, CancelableContext Owner, TaskCompletionSource<T> Result) Clear()
    {
        var cleared = (_task!, _owner!, _result!);
        (_task, _owner, _result) = (null, null, null);
        return cleared;
    }
}

/// <summary>The result of a task that has none.</summary>
internal readonly struct Nothing;
