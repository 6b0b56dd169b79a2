namespace Baton;

/// <summary>A task whose result a caller of <see cref="ContextGroup.Run{T}"/> wants.</summary>
internal sealed class ResultTask<T>(ContextGroup group, Func<Context, Task<T>> function)
    : GroupTask(group, function)
{
    // The continuations of the result run on other threads: the thread that ends the task has yet to tell
    // the group, and a continuation that waits for the group would stop it from doing so.
    private readonly TaskCompletionSource<T> _result =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal override Task<T> Result => _result.Task;

    internal override void Drop(OperationCanceledException error) =>
        _result.SetFromTask(EndedTask.By<T>(error));

    // A function that returned no task, or threw, has failed with one exception.
    internal override void End(Task ended) => _result.SetFromTask(
        ended as Task<T> ?? EndedTask.By<T>(EndedTask.ExceptionsOf(ended)[0]));
}
