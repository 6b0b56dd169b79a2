namespace Baton;

/// <summary>A callback of <see cref="Context.AfterFunc"/>.</summary>
internal sealed class FuncCallback(CancelableContext? owner, Action callback) : Callback, IThreadPoolWorkItem
{
    [ThreadStatic]
    private static FuncCallback? t_running;

    private readonly ExecutionContext? _flow = ExecutionContext.Capture();
    private TaskCompletionSource? _waiters;
    private bool _hasFinished;

    internal bool Stop()
    {
        if (!TryStop())
        {
            return false;
        }

        owner?.Remove(this);
        return true;
    }

    internal ValueTask<bool> StopAndWaitAsync()
    {
        if (Stop())
        {
            return new ValueTask<bool>(true);
        }

        return IsStopped || Volatile.Read(ref _hasFinished) || t_running == this
            ? new ValueTask<bool>(false)
            : new ValueTask<bool>(WaitAsync());
    }

    internal override void Run() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute()
    {
        t_running = this;
        try
        {
            if (_flow is null)
            {
                callback();
            }
            else
            {
                ExecutionContext.Run(_flow, static state => ((FuncCallback)state!).Invoke(), this);
            }
        }
        catch (Exception e)
        {
            // Nobody awaits a callback. A faulted task that nobody looks at is how .NET reports such an
            // exception.
            _ = Task.FromException(e);
        }
        finally
        {
            t_running = null;

            // A full fence between this write and the read below: either a waiter that comes now sees the
            // flag, or this thread sees the waiter.
            Interlocked.Exchange(ref _hasFinished, true);
            Volatile.Read(ref _waiters)?.TrySetResult();
        }
    }

    private void Invoke() => callback();

    private async Task<bool> WaitAsync()
    {
        var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // The other side of the fence in Execute.
        var waiters = Interlocked.CompareExchange(ref _waiters, fresh, null) ?? fresh;
        if (Volatile.Read(ref _hasFinished))
        {
            waiters.TrySetResult();
        }

        await waiters.Task.ConfigureAwait(false);
        return false;
    }
}
