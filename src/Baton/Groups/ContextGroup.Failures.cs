namespace Baton;

// What the works ended with, and who is told.
public sealed partial class ContextGroup
{
    /// <summary>
    /// A failure; and the task of the work's result, if that one reports it when nobody looks.
    /// </summary>
    private readonly record struct Failure(Exception Exception, Task? Reporter);

    /// <summary>
    /// Takes note of how a work, or the body, has ended; the first failure ends the context.
    /// </summary>
    private void Note(Task task, Task? result)
    {
        if (task.IsCompletedSuccessfully)
        {
            return;
        }

        // Asked before: a work that was canceled by itself must not be taken for one that followed the
        // others.
        var isDone = _ctx.IsDone;
        Exception? first = null;
        foreach (var e in EndedTask.ExceptionsOf(task))
        {
            lock (_lock)
            {
                if (isDone && e is OperationCanceledException)
                {
                    _wasCutShort = true;
                }
                else
                {
                    // Of two that fail at once, the one that is first here ends the context: so the first
                    // failure and the context's cause are the same.
                    first = _failures is null ? e : first;
                    (_failures ??= []).Add(new Failure(e, task.IsFaulted ? result : null));
                }
            }
        }

        if (first is not null)
        {
            _ctx.Cancel(first);
        }
    }

    /// <summary>Completes what <see cref="WaitAsync"/> has given out, now that no work is left.</summary>
    private void Settle(TaskCompletionSource wait)
    {
        Exception[] failures;
        bool wasCutShort;
        lock (_lock)
        {
            failures = DistinctFailures();
            _isHandedOut |= failures.Length > 0;
            wasCutShort = _wasCutShort;
            foreach (var failure in _failures ?? [])
            {
                // Looked at: from here on it is for the task that is being completed to report it.
                _ = failure.Reporter?.Exception;
            }
        }

        if (failures.Length > 0)
        {
            wait.SetException(failures);
        }
        else if (wasCutShort)
        {
            wait.SetFromTask(EndedTask.By((_parent.IsDone ? _parent : _ctx).NewError()));
        }
        else
        {
            wait.SetResult();
        }
    }

    private Exception[] DistinctFailures() => _failures is null
        ? []
        : [.. _failures.Select(static failure => failure.Exception).Distinct<Exception>(
            ReferenceEqualityComparer.Instance)];

    private async Task RunToEndAsync(Func<ContextGroup, Task> body, TaskCompletionSource end)
    {
        var task = EndedTask.Of(body, this);
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Note(task, result: null);
        await DisposeAsync().ConfigureAwait(false);
        Settle(end);
    }
}
