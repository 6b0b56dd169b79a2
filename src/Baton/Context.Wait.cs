namespace Baton;

public abstract partial class Context
{
    /// <summary>
    /// Runs <paramref name="callback"/> once this context is done, on the thread pool, at most once.
    /// </summary>
    /// <remarks>
    /// If the context is done already the callback is started at once. Cancellation does not wait for it. It
    /// runs under the <see cref="ExecutionContext"/> of this call, and after every context that ended along
    /// with this one is done. An exception it throws is reported by <see
    /// cref="TaskScheduler.UnobservedTaskException"/>. Stop or dispose the registration when the callback is
    /// no longer wanted: until then this context holds on to it.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="callback"/> is null.</exception>
    public ContextRegistration AfterFunc(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var registration = new FuncCallback(Owner, callback);
        Owner?.Add(registration);
        return new ContextRegistration(registration);
    }

    /// <summary>
    /// Completes after <paramref name="delay"/>, or throws this context's exception once it is done.
    /// </summary>
    /// <remarks>
    /// The delay runs on <see cref="TimeProvider"/>. Nothing is left behind on either way out.
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
    /// Ends the wait, not the task. A task that has completed is returned as it is, whatever the context's
    /// state.
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
}
