namespace Baton;

/// <summary>A callback of <c>Context.AfterFunc</c>, of either overload.</summary>
/// <param name="owner">The context that it waits for; null if that context never ends.</param>
/// <param name="callback">An <see cref="Action"/> or a function that returns a task.</param>
internal sealed class FuncCallback(CancelableContext? owner, Delegate callback)
    : Callback, IThreadPoolWorkItem
{
    /// <summary>
    /// The <see cref="End"/> of the callback that the current code belongs to. It flows to everything that a
    /// callback starts. It is the end and not the callback, because what a callback starts may live long, and
    /// would keep the callback and its context alive.
    /// </summary>
    private static readonly AsyncLocal<TaskCompletionSource?> s_running = new();

    private readonly ExecutionContext? _flow = ExecutionContext.Capture();
    private TaskCompletionSource? _end;

    /// <summary>
    /// Completes when the callback has finished. Made by whichever needs it first: the run, or a thread that
    /// waits for the run.
    /// </summary>
    private TaskCompletionSource End
    {
        get
        {
            // Acquire here and the exchange below: the source is seen whole, and the first one stays.
            if (Volatile.Read(ref _end) is { } end)
            {
                return end;
            }

            var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return Interlocked.CompareExchange(ref _end, fresh, null) ?? fresh;
        }
    }

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

        if (IsStopped)
        {
            return new ValueTask<bool>(false);
        }

        // A callback that waited for its own end would wait for ever.
        var end = End;
        return end.Task.IsCompleted || s_running.Value == end
            ? new ValueTask<bool>(false)
            : new ValueTask<bool>(WaitAsync(end.Task));

        static async Task<bool> WaitAsync(Task end)
        {
            await end.ConfigureAwait(false);
            return false;
        }
    }

    internal override void Run() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute()
    {
        if (_flow is null)
        {
            Invoke();
        }
        else
        {
            ExecutionContext.Run(_flow, static state => ((FuncCallback)state!).Invoke(), this);
        }
    }

    private void Invoke()
    {
        // Nothing resets the value: the execution context ends with this work item.
        s_running.Value = End;
        var task = EndedTask.Of(Start, callback);
        if (task.IsCompleted)
        {
            Finish(task);
        }
        else
        {
            // Not an await: it would count as observing the exceptions of the task.
            task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => Finish(task));
        }
    }

    private static Task Start(Delegate callback)
    {
        if (callback is Func<Task> function)
        {
            return function();
        }

        ((Action)callback)();
        return Task.CompletedTask;
    }

    private void Finish(Task task)
    {
        if (task.IsCanceled)
        {
            // A faulted task that no code awaits reports its exceptions by itself. A canceled one does not,
            // but a callback that was cut short has failed like any other.
            _ = Task.FromException(EndedTask.ExceptionsOf(task)[0]);
        }

        End.SetResult();
    }
}
