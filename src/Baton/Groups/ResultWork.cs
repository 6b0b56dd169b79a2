namespace Baton;

/// <summary>A work whose result is wanted.</summary>
internal sealed class ResultWork<T>(ContextGroup group, Func<Context, Task<T>> work) : GroupWork(group, work)
{
    // Whoever awaits it goes on beside the thread that ends the work, for that one has yet to tell the group.
    private readonly TaskCompletionSource<T> _result =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal override Task<T> Result => _result.Task;

    internal override void Drop(OperationCanceledException error) =>
        _result.SetFromTask(EndedTask.By<T>(error));

    // A delegate that gave no task of its own has failed with one exception.
    internal override void End(Task task) => _result.SetFromTask(
        task as Task<T> ?? EndedTask.By<T>(EndedTask.ExceptionsOf(task)[0]));
}
