using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Baton;

/// <summary>
/// A wait for a task: hangs on a context and on the task, and ends with whichever ends first.
/// </summary>
/// <remarks>
/// <para>
/// Not by way of <see cref="Task.WaitAsync(CancellationToken)"/>, because the task that gives ends with an
/// exception of its own, so that a second one would have to stand before it. But what hangs on a task cannot
/// be taken off again. So a wait that was given up stays there, empty, for the next wait for that task to
/// use. A task has at most as many of them as it was waited for at once, however many were given up.
/// </para>
/// <para>
/// A wait that the task has ended hangs nowhere any more, and the thread keeps it for its next one.
/// </para>
/// </remarks>
/// <typeparam name="T">The task's result; <see cref="Nothing"/> for a task without.</typeparam>
internal sealed class TaskWait<T> : Callback, IThreadPoolWorkItem
{
    private const int MostFree = 32;

    /// <summary>The first wait for a task that was given up. The task is all that keeps it.</summary>
    private static readonly ConditionalWeakTable<Task, TaskWait<T>> s_idle = [];

    /// <summary>
    /// Whether there has ever been one. A hint: who misses the first leaves one more behind.
    /// </summary>
    private static volatile bool s_isIdleUsed;

    [ThreadStatic]
    private static TaskWait<T>? t_free;

    private readonly Action _onCompleted;
    private Task? _task;
    private CancelableContext? _owner;
    private TaskCompletionSource<T>? _result;

    /// <summary>Whether it was given up once. Then it is the task's for good.</summary>
    private bool _isTied;

    /// <summary>In one that is free: how many are, with those behind it.</summary>
    private int _freeCount;

    /// <summary>
    /// In the first one of a task: those that nobody uses, linked by their <see cref="Callback.Next"/>.
    /// </summary>
    private TaskWait<T>? _idle;

    private TaskWait() => _onCompleted = OnCompleted;

    internal static Task<T> Start(CancelableContext owner, Task task)
    {
        var idle = PopIdle(task);
        var wait = idle ?? PopFree() ?? new TaskWait<T>();
        wait._task = task;
        var result = wait._result = new TaskCompletionSource<T>();

        // Release: whoever comes by for the task that another wait has left, and sees this owner, sees that
        // it is tied.
        Volatile.Write(ref wait._owner, owner);
        wait.Rearm();
        owner.Add(wait);
        if (idle is null)
        {
            task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(wait._onCompleted);
        }
        else if (task.IsCompleted)
        {
            // The task may have come by before the wait was armed again. The lock in Add is a full fence
            // between that and this look; the exchange in TryStop lets one of the two through.
            wait.OnCompleted();
        }

        return result.Task;
    }

    /// <summary>
    /// The context is done. On the pool, because whoever awaits the task goes on from there.
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

    private void OnCompleted()
    {
        // Null: the context was first. Acquire: see Start.
        if (Volatile.Read(ref _owner) is not { } hangsOn)
        {
            return;
        }

        // What was taken off a live context cannot be claimed by it any more, which saves the exchange. But
        // one that is tied may not hang there yet.
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

    /// <summary>Whether it was the context itself that canceled the task.</summary>
    private static bool IsCanceledBy(CancelableContext owner, Task task) =>
        task.IsCanceled && owner.Ended
        && new TaskCanceledException(task).CancellationToken == owner.Done;

    private (Task Task, CancelableContext Owner, TaskCompletionSource<T> Result) Clear()
    {
        var cleared = (_task!, _owner!, _result!);
        (_task, _owner, _result) = (null, null, null);
        return cleared;
    }

    private static TaskWait<T>? PopFree()
    {
        if (t_free is not { } wait)
        {
            return null;
        }

        t_free = Unsafe.As<TaskWait<T>?>(wait.Next);
        wait.Next = null;
        return wait;
    }

    private void PushFree()
    {
        Debug.Assert(Next is null && Previous is null, "A free wait hangs nowhere.");
        var next = t_free;
        _freeCount = 1 + (next?._freeCount ?? 0);
        if (_freeCount <= MostFree)
        {
            Next = next;
            t_free = this;
        }
    }

    /// <summary>Leaves a wait that was given up to those that will wait for its task.</summary>
    private static void PushIdle(Task task, TaskWait<T> wait)
    {
        wait._isTied = true;
        s_isIdleUsed = true;
        var first = s_idle.GetOrAdd(task, wait);
        lock (first)
        {
            wait.Next = first._idle;
            first._idle = wait;
        }
    }

    private static TaskWait<T>? PopIdle(Task task)
    {
        if (!s_isIdleUsed || !s_idle.TryGetValue(task, out var first))
        {
            return null;
        }

        lock (first)
        {
            var wait = first._idle;
            first._idle = (TaskWait<T>?)wait?.Next;
            wait?.Next = null;
            return wait;
        }
    }
}

/// <summary>The result of a task that has none.</summary>
internal readonly struct Nothing;
