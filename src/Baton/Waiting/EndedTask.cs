using System.Runtime.CompilerServices;

namespace Baton;

/// <summary>What went wrong, into a task and out of one.</summary>
internal static class EndedTask
{
    /// <summary>
    /// The task of an async method that throws <paramref name="e"/>: canceled, if that is what it says.
    /// </summary>
    internal static Task By(Exception e) => By<bool>(e);

    /// <inheritdoc cref="By" />
    internal static Task<T> By<T>(Exception e)
    {
        var builder = AsyncTaskMethodBuilder<T>.Create();
        var task = builder.Task;
        builder.SetException(e);
        return task;
    }

    /// <summary>What a delegate of a caller's gives: a task, whatever it does.</summary>
    internal static Task Of<T>(Func<T, Task> work, T argument)
    {
        try
        {
            return work(argument) ?? throw new InvalidOperationException(
                "A work returns a task, and this one returned null. Return Task.CompletedTask.");
        }
        catch (Exception e)
        {
            return By(e);
        }
    }

    /// <summary>
    /// Ends <paramref name="result"/> as <paramref name="failed"/> has ended: with all its exceptions, or
    /// canceled with the same one. The failure then counts as observed, and <paramref name="result"/> reports it.
    /// </summary>
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

    /// <summary>All that a task has failed with, or the one exception that it was canceled with.</summary>
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
            // A task gives this one to whoever awaits it, and in no other way.
            return [e];
        }
    }
}
