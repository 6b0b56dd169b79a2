using System.Runtime.CompilerServices;

namespace Baton;

/// <summary>Puts the end of one task, or an exception, into another task.</summary>
internal static class EndedTask
{
    /// <summary>
    /// The task of an async method that throws <paramref name="e"/>: canceled if <paramref name="e"/> is an
    /// <see cref="OperationCanceledException"/>, faulted otherwise.
    /// </summary>
    internal static Task By(Exception e) => By<Nothing>(e);

    /// <inheritdoc cref="By" />
    internal static Task<T> By<T>(Exception e)
    {
        // A task that is canceled with an exception of ours: only the builder of async methods makes one.
        var builder = AsyncTaskMethodBuilder<T>.Create();
        var task = builder.Task;
        builder.SetException(e);
        return task;
    }

    /// <summary>
    /// Calls a delegate of a caller. Returns a task in any case: also if the delegate throws or returns null.
    /// </summary>
    internal static Task Of<T>(Func<T, Task> start, T argument)
    {
        try
        {
            return start(argument) ?? throw new InvalidOperationException(
                "A delegate that has to return a task returned null. Return Task.CompletedTask.");
        }
        catch (Exception e)
        {
            return By(e);
        }
    }

    /// <summary>
    /// Ends <paramref name="result"/> as <paramref name="failed"/> has ended: faulted with all its
    /// exceptions, or canceled with the same exception.
    /// </summary>
    /// <remarks>
    /// The exceptions of <paramref name="failed"/> then count as observed. If no code observes those of
    /// <paramref name="result"/>, that task reports them.
    /// </remarks>
    internal static void CopyFailure<T>(Task failed, TaskCompletionSource<T> result)
    {
        var exceptions = ExceptionsOf(failed);
        if (failed.IsFaulted)
        {
            result.SetException(exceptions);
        }
        else
        {
            result.SetFromTask(By<T>(exceptions[0]));
        }
    }

    /// <summary>
    /// All exceptions that a task has failed with, or the exception that it was canceled with. Empty if the
    /// task succeeded.
    /// </summary>
    internal static IReadOnlyList<Exception> ExceptionsOf(Task task)
    {
        if (task.Exception is { } faults)
        {
            return faults.InnerExceptions;
        }

        try
        {
            task.GetAwaiter().GetResult();
            return [];
        }
        catch (OperationCanceledException e)
        {
            // A canceled task gives its exception only to the code that awaits it.
            return [e];
        }
    }
}
