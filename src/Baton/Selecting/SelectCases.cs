using System.Runtime.CompilerServices;

namespace Baton;

/// <summary>
/// The cases of a <see cref="Select"/>. Add cases, then await it for the index of the one that was taken.
/// </summary>
/// <remarks>
/// <para>
/// If several cases are ready, one of them is chosen uniformly at random. The default case is taken only if
/// none is. Without a default case the wait goes on until one is ready.
/// </para>
/// <para>
/// Exactly one case takes effect: no item is received or sent by another. A case that lost leaves nothing
/// behind, neither a timer nor a registration nor a wait on a channel or task, by the time the await
/// completes.
/// </para>
/// <para>
/// Each await selects anew, with the delays counted from then, so one object can serve a loop. Delays run on
/// the clock of the first context among the cases, else on <see cref="TimeProvider.System"/>.
/// </para>
/// <para>
/// The handler of the case that was taken has finished when the await completes, and an exception of it is
/// the await's. If nothing has to be waited for, a handler starts on the awaiting thread; otherwise on the
/// thread pool, never on the thread that made its case ready, and under the <see cref="ExecutionContext"/> of
/// the await.
/// </para>
/// <para>
/// Threads: add cases from one thread; awaiting is safe from any. Not promised: an order among selects that
/// wait on the same channel.
/// </para>
/// </remarks>
public sealed partial class SelectCases
{
    // Most selects have two cases.
    private SelectCase? _first;
    private SelectCase? _second;
    private SelectCase[]? _others;
    private int _count;

    internal SelectCases()
    {
    }

    private SelectCase this[int index] => index switch
    {
        0 => _first!,
        1 => _second!,
        _ => _others![index - 2],
    };

    /// <summary>Adds a case that is ready after <paramref name="delay"/>.</summary>
    /// <param name="delay">
    /// Zero or more, without upper bound; <see cref="Timeout.InfiniteTimeSpan"/> is never ready.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="delay"/> is negative and not infinite.
    /// </exception>
    public SelectCases After(TimeSpan delay)
    {
        Guard.Delay(delay);
        return Append(new AfterCase(delay, handler: null));
    }

    /// <inheritdoc cref="After(TimeSpan)" />
    /// <param name="delay">As above.</param>
    /// <param name="handler">Run if the case is taken.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    public SelectCases After(TimeSpan delay, Action handler)
    {
        Guard.Delay(delay);
        ArgumentNullException.ThrowIfNull(handler);
        return Append(new AfterCase(delay, handler));
    }

    /// <inheritdoc cref="After(TimeSpan, Action)" />
    public SelectCases After(TimeSpan delay, Func<Task> handler)
    {
        Guard.Delay(delay);
        ArgumentNullException.ThrowIfNull(handler);
        return Append(new AfterCase(delay, handler));
    }

    /// <summary>Adds a case that is ready when <paramref name="ctx"/> is done.</summary>
    /// <param name="ctx">One that can never be done is never ready.</param>
    /// <exception cref="ArgumentNullException"><paramref name="ctx"/> is null.</exception>
    public SelectCases Done(Context ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        return Append(new DoneCase(ctx, handler: null));
    }

    /// <inheritdoc cref="Done(Context)" />
    /// <param name="ctx">One that can never be done is never ready.</param>
    /// <param name="handler">Run if the case is taken.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="ctx"/> or <paramref name="handler"/> is null.
    /// </exception>
    public SelectCases Done(Context ctx, Action handler)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ArgumentNullException.ThrowIfNull(handler);
        return Append(new DoneCase(ctx, handler));
    }

    /// <inheritdoc cref="Done(Context, Action)" />
    public SelectCases Done(Context ctx, Func<Task> handler)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ArgumentNullException.ThrowIfNull(handler);
        return Append(new DoneCase(ctx, handler));
    }

    /// <summary>Adds a case that is ready when <paramref name="task"/> has completed.</summary>
    /// <remarks>
    /// If the task failed or was canceled, the await throws its exception. A task that lost goes on, and is
    /// not looked at: its exception stays unobserved.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="task"/> is null.</exception>
    public SelectCases Task(Task task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Append(new TaskCase(task, handler: null));
    }

    /// <inheritdoc cref="Task(System.Threading.Tasks.Task)" />
    /// <param name="task">Is not ended by the select.</param>
    /// <param name="handler">Run if the case is taken and the task succeeded.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="task"/> or <paramref name="handler"/> is null.
    /// </exception>
    public SelectCases Task(Task task, Action handler)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(handler);
        return Append(new TaskCase(task, handler));
    }

    /// <inheritdoc cref="Task(System.Threading.Tasks.Task, Action)" />
    public SelectCases Task(Task task, Func<Task> handler)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(handler);
        return Append(new TaskCase(task, handler));
    }

    /// <inheritdoc cref="Task(System.Threading.Tasks.Task)" />
    /// <param name="task">Is not ended by the select.</param>
    /// <param name="handler">
    /// Given the result of the task if the case is taken and the task succeeded.
    /// </param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="task"/> or <paramref name="handler"/> is null.
    /// </exception>
    public SelectCases Task<T>(Task<T> task, Action<T> handler)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(handler);
        return Append(new TaskCase<T>(task, handler));
    }

    /// <inheritdoc cref="Task{T}(Task{T}, Action{T})" />
    public SelectCases Task<T>(Task<T> task, Func<T, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(handler);
        return Append(new TaskCase<T>(task, handler));
    }

    /// <summary>Adds the case that is taken if no other is ready, so that nothing is waited for.</summary>
    /// <exception cref="InvalidOperationException">There is a default case already.</exception>
    public SelectCases Default() => AddDefault(handler: null);

    /// <inheritdoc cref="Default()" />
    /// <param name="handler">Run if the case is taken.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    public SelectCases Default(Action handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return AddDefault(handler);
    }

    /// <inheritdoc cref="Default(Action)" />
    public SelectCases Default(Func<Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return AddDefault(handler);
    }

    /// <summary>
    /// The selection as a task: the index of the case that was taken. Each call selects anew.
    /// </summary>
    public Task<int> AsTask() => AsTask(Random.Shared);

    /// <summary>Makes the cases awaitable: the result is the index of the case that was taken.</summary>
    public TaskAwaiter<int> GetAwaiter() => AsTask().GetAwaiter();

    private SelectCases AddDefault(Delegate? handler)
    {
        for (var i = 0; i < _count; i++)
        {
            if (this[i] is DefaultCase)
            {
                throw new InvalidOperationException(
                    $"A select has one default case, and case {i} is it. Remove one of the two.");
            }
        }

        return Append(new DefaultCase(handler));
    }

    private int IndexOf(SelectCase sought)
    {
        var index = 0;
        while (this[index] != sought)
        {
            index++;
        }

        return index;
    }

    private SelectCases Append(SelectCase added)
    {
        switch (_count)
        {
            case 0:
                _first = added;
                break;
            case 1:
                _second = added;
                break;
            default:
                if (_others is null || _others.Length == _count - 2)
                {
                    // A run that reads the old array finds all of its cases there.
                    Array.Resize(ref _others, Math.Max(2, 2 * (_count - 2)));
                }

                _others[_count - 2] = added;
                break;
        }

        _count++;
        return this;
    }
}
