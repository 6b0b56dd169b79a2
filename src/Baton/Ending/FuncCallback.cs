namespace Baton;

/// <summary>A callback of <c>Context.AfterFunc</c>, of either overload.</summary>
/// <param name="owner">The context that it waits for; null if that context never ends.</param>
/// <param name="callback">An <see cref="Action"/> or a function that returns a task.</param>
internal sealed class FuncCallback(CancelableContext? owner, Delegate callback)
    : Callback, IThreadPoolWorkItem
{
    /// <summary>
    /// The end of the callback that the current code belongs to, and behind it the ends of the callbacks that
    /// started that one. It flows to everything that a callback starts. It is the end and not the callback,
    /// because what a callback starts may live long, and would keep the callback and its context alive.
    /// </summary>
    private static readonly AsyncLocal<RunEnd?> s_running = new();

    private readonly ExecutionContext? _flow = ExecutionContext.Capture();
    private RunEnd? _end;

    /// <summary>
    /// Completes when the callback has finished. Made by whichever needs it first: the run, or a thread that
    /// waits for the run.
    /// </summary>
    private RunEnd End
    {
        get
        {
            // Acquire here and the exchange below: the source is seen whole, and the first one stays.
            if (Volatile.Read(ref _end) is { } end)
            {
                return end;
            }

            var fresh = new RunEnd();
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
        return end.Task.IsCompleted || RunEnd.IsAmong(s_running.Value, end)
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
        End.Outer = RunEnd.FirstLive(s_running.Value);
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

    /// <summary>Completes when one run of a callback has finished.</summary>
    private sealed class RunEnd() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        /// <summary>The end of the callback that started this one. Null if no callback did.</summary>
        internal RunEnd? Outer { get; set; }

        /// <summary>The first of these ends that has not come. Those behind it that have come are dropped.</summary>
        internal static RunEnd? FirstLive(RunEnd? end)
        {
            end = SkipCompleted(end);
            for (var live = end; live is not null; live = live.Outer)
            {
                // Otherwise callbacks that each start the next one would keep all ends before them.
                live.Outer = SkipCompleted(live.Outer);
            }

            return end;
        }

        internal static bool IsAmong(RunEnd? ends, RunEnd sought)
        {
            while (ends is not null && ends != sought)
            {
                ends = ends.Outer;
            }

            return ends is not null;
        }

        private static RunEnd? SkipCompleted(RunEnd? end)
        {
            while (end is { Task.IsCompleted: true })
            {
                end = end.Outer;
            }

            return end;
        }
    }
}
