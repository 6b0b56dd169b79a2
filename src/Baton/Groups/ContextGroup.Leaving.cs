namespace Baton;

// How the group is waited for, and how it is left.
public sealed partial class ContextGroup
{
    private TaskCompletionSource? _wait, _closing;

    /// <summary>The group was left, and no task is left. It takes none any more.</summary>
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
    /// It may be called again, at any time; a group that has not failed takes tasks after it as before. It
    /// cancels nothing, and is not cut short by the end of a context: tasks that are told to end are waited
    /// for.
    /// </para>
    /// </remarks>
    /// <exception cref="ContextCanceledException">
    /// Nothing failed, but the cancellation of the context the group was made from made a task end.
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
    /// Waits until no task is left, and then lets go of everything. Cancels nothing, throws nothing.
    /// </summary>
    /// <remarks>
    /// While it waits, the tasks may still give the group more. After that <see cref="Context"/> is done, and
    /// failures that neither <see cref="WaitAsync"/> nor the task of a result was there to give are reported
    /// by <see cref="TaskScheduler.UnobservedTaskException"/>. A second call waits along with the first.
    /// </remarks>
    public ValueTask DisposeAsync() => CloseAsync();

    /// <summary>What <see cref="Context.RunGroupAsync"/> does.</summary>
    internal Task RunAsync(Func<ContextGroup, Task> body)
    {
        var end = NewSource();
        _handedOut = int.MaxValue;
        _ = RunToEndAsync(body, end);
        return end.Task;
    }

    private async Task RunToEndAsync(Func<ContextGroup, Task> body, TaskCompletionSource end)
    {
        var ended = EndedTask.Of(body, this);
        await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Note(ended, result: null);
        await CloseAsync().ConfigureAwait(false);
        Settle(end);
    }

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
            // The first call may be about to do this.
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
