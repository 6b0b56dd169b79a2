namespace Baton;

// How the group is waited for, and how it is left.
public sealed partial class ContextGroup
{
    private TaskCompletionSource? _wait, _closing;

    /// <summary>
    /// The group was disposed, or its body has ended, and all its tasks have ended: it takes no more tasks.
    /// </summary>
    private bool _isClosed;

    /// <summary>Waits until no task is left, and throws the first failure, if there is one.</summary>
    /// <remarks>
    /// <para>
    /// Like the task of <see cref="Task.WhenAll(Task[])"/>, this one has all failures in its <see
    /// cref="Task.Exception"/>, and awaiting it throws the first. If nothing failed, but the end of the
    /// context the group was made from made a task end, or kept one from starting, it throws that context's
    /// exception.
    /// </para>
    /// <para>
    /// Await it to let the tasks succeed: once it has completed nothing runs, so leaving the group cancels
    /// nothing. A call that was not awaited, or a wait that was given up, does not keep <see
    /// cref="DisposeAsync"/> from canceling the tasks; this wait then throws the exception of <see
    /// cref="Context"/>.
    /// </para>
    /// <para>
    /// It may be called again, at any time. A group that has not failed takes tasks afterwards as before. The
    /// wait includes tasks that other tasks give to the group meanwhile. It cancels nothing, and the end of a
    /// context does not cut it short: it also waits for tasks that are slow to end.
    /// </para>
    /// </remarks>
    /// <exception cref="ContextCanceledException">
    /// Nothing failed, but the cancellation of the context the group was made from, or the group's disposal,
    /// made a task end or kept one from starting.
    /// </exception>
    /// <exception cref="DeadlineExceededException">The same, and it was a deadline that passed.</exception>
    public Task WaitAsync()
    {
        lock (_lock)
        {
            if (_pending > 0)
            {
                return (_wait ??= NewSource()).Task;
            }
        }

        var wait = NewSource();
        Settle(wait);
        return wait.Task;
    }

    /// <summary>
    /// Cancels the tasks that still run, waits until no task is left, and ends the group's context. Throws
    /// nothing.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Where <see cref="WaitAsync"/> was awaited after the last task was given, no task is left and this
    /// returns at once. Otherwise <see cref="Context"/> ends, and its <see cref="Context.Cause"/> is an <see
    /// cref="OperationCanceledException"/> that says that the group was disposed. Tasks that wait for their
    /// turn are dropped, and so are tasks that are given from then on. Tasks that run are waited for, however
    /// long they take. A task that ends with an <see cref="OperationCanceledException"/> has not failed; any
    /// other exception is a failure.
    /// </para>
    /// <para>
    /// When it has completed, <see cref="Context"/> is done. A failure that neither <see cref="WaitAsync"/>
    /// nor the task of a result has taken over is reported by <see
    /// cref="TaskScheduler.UnobservedTaskException"/>. It may be called from any thread, any number of times,
    /// and every call waits for the tasks. Do not await it in a task of the group: the task would wait for
    /// itself.
    /// </para>
    /// </remarks>
    public ValueTask DisposeAsync()
    {
        var closing = CloseAsync();
        if (!closing.IsCompleted)
        {
            // CloseAsync comes first because it looks under the lock whether a task is left. Where none is,
            // this is a plain cancel and needs no cause.
            _ctx.Cancel(new OperationCanceledException(
                "The group was disposed before its tasks had ended. To wait for them, await WaitAsync() "
                + "before the group is disposed, or use RunGroupAsync()."));
        }

        return closing;
    }

    /// <summary>What <see cref="Context.RunGroupAsync"/> does.</summary>
    internal Task RunAsync(Func<ContextGroup, Task> body)
    {
        var end = NewSource();
        _handedOut = int.MaxValue;
        _ = RunToEndAsync(body, end);
        return end.Task;
    }

    /// <summary>
    /// Runs the body, and waits for the tasks: they are canceled if it fails, and not if it succeeds.
    /// </summary>
    private async Task RunToEndAsync(Func<ContextGroup, Task> body, TaskCompletionSource end)
    {
        var ended = EndedTask.Of(body, this);
        try
        {
            await ended.ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The await throws one exception of possibly several. Note reads all of them from the task.
        }

        Note(ended, result: null);
        await CloseAsync().ConfigureAwait(false);
        Settle(end);
    }

    /// <summary>
    /// Closes the group once no task is left, and completes then. It cancels nothing, and until then the
    /// tasks may give the group more tasks.
    /// </summary>
    private ValueTask CloseAsync()
    {
        bool isFirst;
        lock (_lock)
        {
            if (_pending > 0)
            {
                _closing ??= NewSource();
            }

            if (_closing is not null)
            {
                return new ValueTask(_closing.Task);
            }

            isFirst = !_isClosed;
            _isClosed = true;
        }

        if (isFirst)
        {
            Close();
        }
        else
        {
            // The thread of the first call may be about to do this. Without it, this call could return while
            // the context is live.
            _ctx.Dispose();
        }

        return default;
    }

    private void Close()
    {
        _ctx.Dispose();
        ReportLost();
    }
}
