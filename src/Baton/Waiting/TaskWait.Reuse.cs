using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Baton;

// A wait that has ended is used again, in one of two ways.
//
// If the task ended the wait, the wait hangs nowhere any more. It is free: the thread keeps it for the next
// wait that starts there. This halves the bytes of a wait for a task that completes.
//
// If the context ended the wait, its continuation is still on the task, because .NET has no public way to
// take a continuation off. A task that lives long would collect one for each wait that was given up. So the
// empty wait is tied to its task, and the next wait for the same task uses it. So a task has at most as many
// continuations as waits were pending at one time.
internal sealed partial class TaskWait<T>
{
    /// <summary>How many free waits a thread keeps.</summary>
    private const int MostFree = 32;

    [ThreadStatic]
    private static TaskWait<T>? t_free;

    /// <summary>
    /// For each task with a wait that was given up: the first such wait, whose <see cref="_idle"/> lists
    /// those that are not in use. An entry lives as long as its task.
    /// </summary>
    private static readonly ConditionalWeakTable<Task, TaskWait<T>> s_tied = [];

    /// <summary>
    /// Whether the table has ever had an entry. Only a hint: a thread that does not see it set yet leaves one
    /// more wait on its task.
    /// </summary>
    private static volatile bool s_isTableUsed;

    /// <summary>In a free wait: how many waits the list has from this one on.</summary>
    private int _freeCount;

    /// <summary>
    /// Whether the wait was given up once. From then on it belongs to its task and never becomes free.
    /// </summary>
    private bool _isTied;

    /// <summary>
    /// In the first wait tied to a task: the list of tied waits that are not in use, linked by <see
    /// cref="Callback.Next"/>. Guarded by a lock on that first wait.
    /// </summary>
    private TaskWait<T>? _idle;

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

    private static void PushIdle(Task task, TaskWait<T> wait)
    {
        wait._isTied = true;
        s_isTableUsed = true;
        var first = s_tied.GetOrAdd(task, wait);
        lock (first)
        {
            wait.Next = first._idle;
            first._idle = wait;
        }
    }

    private static TaskWait<T>? PopIdle(Task task)
    {
        if (!s_isTableUsed || !s_tied.TryGetValue(task, out var first))
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
