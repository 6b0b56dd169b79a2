namespace Baton;

/// <summary>Ready when its task has completed, however the task ended.</summary>
internal sealed class CompletedCase(Task task) : SelectCase
{
    internal override bool IsPlain => false;

    internal override Task<int>? TryTake(int index) =>
        !task.IsCompleted ? null
        : task.IsCompletedSuccessfully ? Task.FromResult(index)
        : Failure();

    internal override ISelectWait? NewWait(SelectRun run, ReadOnlySpan<SelectCase> cases) =>
        new CompletedWait(run, this, task);

    private Task<int> Failure()
    {
        var failure = new TaskCompletionSource<int>();
        EndedTask.CopyFailure(task, failure);
        return failure.Task;
    }
}

/// <summary>Waits for a task.</summary>
internal sealed class CompletedWait(SelectRun run, CompletedCase waiting, Task task) : ISelectWait
{
    /// <summary>Completes with the task, or when the run is over.</summary>
    private Task? _wait;

    public Task<int>? Start(int index)
    {
        // A continuation on the task itself cannot be removed, and the task may outlive many selects: each
        // would leave its continuation there.
        _wait = task.WaitAsync(run.StopToken);
        _wait.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnCompleted);
        return null;
    }

    public Task<int>? TryTake(int index) => waiting.TryTake(index);

    public void Release()
    {
    }

    private void OnCompleted()
    {
        if (_wait != task)
        {
            // Reading the exception of the wait marks it as observed. The exception of the task itself stays
            // unobserved unless the case is taken.
            _ = _wait!.Exception;
        }

        if (task.IsCompleted)
        {
            run.Ready(this);
        }
    }
}
