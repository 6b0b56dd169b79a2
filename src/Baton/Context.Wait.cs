namespace Baton;

public abstract partial class Context
{
    /// <summary>
    /// Runs <paramref name="callback"/> once this context is done, on the thread pool, at most once.
    /// </summary>
    /// <remarks>
    /// <para>
    /// If the context is done already, the callback is started at once. The cancellation does not wait for
    /// the callback. The callback runs under the <see cref="ExecutionContext"/> of this call, and after every
    /// context that ended along with this one is done. An exception that it throws is reported by <see
    /// cref="TaskScheduler.UnobservedTaskException"/>.
    /// </para>
    /// <para>
    /// Stop or dispose the registration when the callback is no longer wanted. Until then this context keeps
    /// the callback alive.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="callback"/> is null.</exception>
    public ContextRegistration AfterFunc(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Register(callback);
    }

    /// <summary>
    /// Runs <paramref name="callback"/> once this context is done, on the thread pool, at most once. The
    /// callback has finished when its task has completed.
    /// </summary>
    /// <remarks>
    /// <para>
    /// As <see cref="AfterFunc(Action)"/>. The compiler takes an <c>async</c> lambda for this overload. <see
    /// cref="ContextRegistration.StopAndWaitAsync"/> waits for the task, also if the callback has given up
    /// its thread at an await. The exceptions of the task are reported by
    /// <see cref="TaskScheduler.UnobservedTaskException"/>, and so is a task that was canceled, or is null.
    /// </para>
    /// <para>
    /// This context is done when the callback runs. What the callback itself awaits needs another context:
    /// <see cref="WithoutCancel"/> with a timeout.
    /// </para>
    /// <para>
    /// For a method that returns a <see cref="ValueTask"/>, write <c>async () => await MethodAsync()</c>:
    /// given as <c>() => MethodAsync()</c>, the compiler takes it for an <see cref="Action"/>.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="callback"/> is null.</exception>
    public ContextRegistration AfterFunc(Func<Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Register(callback);
    }

    /// <summary>
    /// Completes after <paramref name="delay"/>, or throws this context's exception once it is done.
    /// </summary>
    /// <remarks>
    /// The delay runs on <see cref="TimeProvider"/>. Nothing is left behind, whichever of the two comes
    /// first.
    /// </remarks>
    /// <param name="delay">
    /// Zero or more, without upper bound; <see cref="Timeout.InfiniteTimeSpan"/> waits for the end of this
    /// context.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="delay"/> is negative and not infinite.
    /// </exception>
    /// <exception cref="ContextCanceledException">This context was canceled first.</exception>
    /// <exception cref="DeadlineExceededException">The deadline of this context passed first.</exception>
    public Task Delay(TimeSpan delay)
    {
        Guard.Delay(delay);
        if (IsDone)
        {
            return EndedTask.By(NewError());
        }

        if (delay == TimeSpan.Zero)
        {
            return Task.CompletedTask;
        }

        var queue = Queue;
        if (delay == Timeout.InfiniteTimeSpan)
        {
            var endless = new DelayContext(this, queue, delay, DeadlineQueue.Never);
            Owner?.Adopt(endless);
            return endless.Task;
        }

        var timed = new DelayContext(this, queue, delay, queue.DueAfter(delay));
        Schedule(timed, delay);
        return timed.Task;
    }

    /// <summary>
    /// Waits for <paramref name="task"/>, or throws this context's exception once it is done.
    /// </summary>
    /// <remarks>
    /// The end of the context ends the wait, not the task. The returned task ends as <paramref name="task"/>
    /// does, with all its exceptions. If <paramref name="task"/> was canceled by this context's own token,
    /// the returned task ends with this context's exception. A task that has completed is returned as it is,
    /// whatever the context's state. However many waits for a task are given up, the task keeps one small
    /// object for each of the waits that were pending at the same time, and no more.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="task"/> is null.</exception>
    /// <exception cref="ContextCanceledException">This context was canceled first.</exception>
    /// <exception cref="DeadlineExceededException">The deadline of this context passed first.</exception>
    public Task WaitAsync(Task task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.IsCompleted || Owner is not { } owner ? task
            : owner.Ended ? EndedTask.By(NewError())
            : TaskWait<Nothing>.Start(owner, task);
    }

    /// <inheritdoc cref="WaitAsync(Task)" />
    public Task<T> WaitAsync<T>(Task<T> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.IsCompleted || Owner is not { } owner ? task
            : owner.Ended ? EndedTask.By<T>(NewError())
            : TaskWait<T>.Start(owner, task);
    }

    private ContextRegistration Register(Delegate callback)
    {
        var registration = new FuncCallback(Owner, callback);
        Owner?.Add(registration);
        return new ContextRegistration(registration);
    }
}
