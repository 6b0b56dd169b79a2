namespace Baton;

// What the tasks ended with, and which task reports it.
public sealed partial class ContextGroup
{
    /// <summary>
    /// The failures, in the order in which they came. The lock guards this and the fields that follow.
    /// </summary>
    private List<Failure>? _failures;

    /// <summary>
    /// How many of the failures a task has taken over: that task reports them if no code looks at it.
    /// </summary>
    private int _handedOut;

    /// <summary>Whether the end of the context kept a task from starting, or made one end.</summary>
    private bool _wasCutShort;

    /// <summary>
    /// A failure, and the task of a result that failed with it and reports it if no code looks at it.
    /// </summary>
    private readonly record struct Failure(Exception Exception, Task? Reporter);

    /// <summary>The failures so far, the first one first. Empty as long as there is none.</summary>
    /// <remarks>
    /// A snapshot; complete once <see cref="WaitAsync"/> has completed. A task that awaited several others
    /// gives one failure for each that failed. An exception that passed through several tasks is listed once.
    /// To read the failures is not to await them: see the remarks on the type.
    /// </remarks>
    public IReadOnlyList<Exception> Failures
    {
        get
        {
            lock (_lock)
            {
                return DistinctFailures();
            }
        }
    }

    /// <summary>
    /// Notes how a task, or the body, has ended. The first failure ends the context.
    /// </summary>
    private void Note(Task ended, Task? result)
    {
        if (ended.IsCompletedSuccessfully)
        {
            return;
        }

        // The context is asked before the first failure ends it. Asked later, it would be done, and a task
        // that was canceled by itself would be taken for a task that followed the context.
        var isDone = _ctx.IsDone;
        Exception? first = null;
        foreach (var e in EndedTask.ExceptionsOf(ended))
        {
            lock (_lock)
            {
                if (isDone && e is OperationCanceledException)
                {
                    _wasCutShort = true;
                }
                else
                {
                    // Of two tasks that fail at once, the one that is first under the lock ends the context.
                    // So the first failure and the context's cause are the same.
                    first = _failures is null ? e : first;
                    (_failures ??= []).Add(new Failure(e, ended.IsFaulted ? result : null));
                }
            }
        }

        if (first is not null)
        {
            _ctx.Cancel(first);
        }
    }

    /// <summary>Completes what <see cref="WaitAsync"/> has returned, now that no task is left.</summary>
    private void Settle(TaskCompletionSource wait)
    {
        Exception[] failures;
        bool wasCutShort;
        lock (_lock)
        {
            failures = DistinctFailures();
            _handedOut = Math.Max(_handedOut, _failures?.Count ?? 0);
            wasCutShort = _wasCutShort;
            foreach (var failure in _failures ?? [])
            {
                // To read the exception is to observe it: from here on the task that is being completed
                // reports it, and the result's own task must not report it a second time.
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

    /// <summary>Reports the failures that no task reports.</summary>
    private void ReportLost()
    {
        Exception[] lost;
        lock (_lock)
        {
            lost =
            [
                .. _failures?.Skip(_handedOut).Where(f => f.Reporter is null).Select(f => f.Exception) ?? [],
            ];
        }

        if (lost.Length > 0)
        {
            // .NET reports an exception that no code awaited when the faulted task is collected.
            NewSource().SetException(lost);
        }
    }

    private Exception[] DistinctFailures() => _failures is null
        ? []
        : [.. _failures.Select(static failure => failure.Exception).Distinct<Exception>(
            ReferenceEqualityComparer.Instance)];
}
