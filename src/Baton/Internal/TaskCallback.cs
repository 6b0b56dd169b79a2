namespace Baton;

/// <summary>A task that completes when a context is done.</summary>
internal sealed class TaskCallback : Callback
{
    private readonly TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal TaskCallback(CancelableContext ctx) => ctx.Add(this);

    internal Task Task => _source.Task;

    internal override void Run() => _source.SetResult();
}
