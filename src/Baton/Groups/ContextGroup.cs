namespace Baton;

/// <summary>
/// Tasks that run side by side under one context and are waited for together: Go's <c>errgroup</c>, and a
/// nursery.
/// </summary>
/// <remarks>
/// <para>
/// Lifetime: the code that makes a group disposes it, <c>await using var group = ctx.Group();</c>. Await <see
/// cref="WaitAsync"/> before the block ends, to let the tasks succeed: leaving the block cancels the tasks
/// that still run, and waits for them. So an exception in the block is seen as soon as they have stopped, and
/// no task outlives the block. <see cref="Context.RunGroupAsync"/> does both by itself. Until the group is
/// disposed, the context that it was made from holds on to it.
/// </para>
/// <para>
/// Failures: a task fails if it throws, also before its first await, or if it is canceled while
/// <see cref="Context"/> is live. The first failure ends that context and is its <see cref="Context.Cause"/>;
/// it is what <see cref="WaitAsync"/> throws. A task that ends with an
/// <see cref="OperationCanceledException"/> once the context is done has followed it, and has not failed.
/// Failures that no code awaited are reported by <see cref="TaskScheduler.UnobservedTaskException"/> after
/// the group was disposed.
/// </para>
/// <para>
/// Tasks: each begins on the thread pool, never on the thread that gives it, and under the <see
/// cref="ExecutionContext"/> of that call. Once the context is done no task is started any more. A task that
/// was given but not started is dropped: it counts as ended at once, with the context's exception. A task
/// that was started is waited for, however long it takes.
/// </para>
/// <para>
/// Threads: every member may be called from any thread, also from the tasks, which may give the group more
/// tasks. Only do not await <see cref="WaitAsync"/> or <see cref="DisposeAsync"/> in a task of the group: the
/// task would wait for itself.
/// </para>
/// </remarks>
public sealed partial class ContextGroup : IAsyncDisposable
{
    private readonly Context _parent;
    private readonly CancelableContext _ctx;

    internal ContextGroup(Context parent, int? limit)
    {
        _parent = parent;
        _ctx = parent.WithCancel();
        _limit = limit ?? int.MaxValue;
        if (limit is not null)
        {
            // Only where there is a limit can a task be waiting for its turn when the context ends.
            _ctx.Add(new GroupEnd(this));
        }
    }

    /// <summary>The context that the tasks are given. It ends with the first failure, with the context that
    /// the group was made from, or when the group is disposed.</summary>
    public Context Context => _ctx;

    /// <summary>
    /// Gives the group a task, without waiting: it is started now or, at the limit, when its turn comes.
    /// </summary>
    /// <remarks>
    /// Any number of tasks may wait for their turn. A loop over many items awaits <see cref="GoAsync"/>
    /// instead, which holds the loop back. If the context is done the task is dropped, and <see
    /// cref="WaitAsync"/> says why.
    /// </remarks>
    /// <param name="task">
    /// A function that is given <see cref="Context"/>; the task it returns is the group's.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="task"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">
    /// The group was disposed, and all its tasks have ended.
    /// </exception>
    public void Go(Func<Context, Task> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        Add(new PlainTask(this, task));
    }

    /// <summary>
    /// Gives the group a task, as <see cref="Go"/> does, and returns its result.
    /// </summary>
    /// <remarks>
    /// At the limit, a task of the group that awaits the result keeps its own place while the new task waits
    /// for one. If such tasks hold all places, they wait until the group ends.
    /// </remarks>
    /// <param name="task">
    /// A function that is given <see cref="Context"/>; the task it returns is the group's.
    /// </param>
    /// <returns>
    /// A task that ends as the group's task does. If the group's task was dropped, the returned task is
    /// canceled with the context's exception. A failure counts for the group whether or not the returned task
    /// is awaited.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="task"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">
    /// The group was disposed, and all its tasks have ended.
    /// </exception>
    public Task<T> Run<T>(Func<Context, Task<T>> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var added = new ResultTask<T>(this, task);
        Add(added);
        return added.Result;
    }

    /// <summary>Starts a task if that can be done at once.</summary>
    /// <param name="task">
    /// A function that is given <see cref="Context"/>; the task it returns is the group's.
    /// </param>
    /// <returns>
    /// True: the task was started. False: the limit is reached, the context is done, or the group was
    /// disposed; the group does not keep the task.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="task"/> is null.</exception>
    public bool TryGo(Func<Context, Task> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (!TryTakePlace())
        {
            return false;
        }

        new PlainTask(this, task).Start();
        return true;
    }

    /// <summary>
    /// Waits for the task's turn, and starts it. Awaiting it holds back a loop that feeds the group.
    /// </summary>
    /// <param name="task">
    /// A function that is given <see cref="Context"/>; the task it returns is the group's.
    /// </param>
    /// <returns>
    /// A task that completes when the group's task was started, not when it has ended; at once if there is a
    /// free place.
    /// </returns>
    /// <remarks>
    /// <para>
    /// Turns are taken in the order of the calls, those of <see cref="Go"/> and <see cref="Run{T}"/>
    /// included. If the context ends first, the wait ends with its exception, and the task will never run. So
    /// exactly one of two things happens: this throws, or the task runs.
    /// </para>
    /// <para>
    /// A task of the group that awaits this keeps its own place meanwhile. If such tasks hold all the places,
    /// no turn comes: the wait ends only when the context ends, by a failure, by the end of the context that
    /// the group was made from, or by <see cref="DisposeAsync"/>. <see cref="WaitAsync"/> waits along with
    /// them. In a task of the group call <see cref="Go"/>, which never waits.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="task"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">
    /// The group was disposed, and all its tasks have ended.
    /// </exception>
    /// <exception cref="ContextCanceledException">
    /// The group's context was canceled first. The inner exception is the cause: if a task failed, the
    /// failure.
    /// </exception>
    /// <exception cref="DeadlineExceededException">A deadline passed first.</exception>
    public Task GoAsync(Func<Context, Task> task)
    {
        if (TryGo(task))
        {
            return Task.CompletedTask;
        }

        var start = NewSource();
        Add(new PlainTask(this, task, start));
        return start.Task;
    }

    // Continuations of these tasks run on other threads. The thread that completes such a task has more to do
    // for the group, and a continuation that waits for the group would keep it from doing so.
    private static TaskCompletionSource NewSource() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
