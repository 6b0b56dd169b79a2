namespace Baton.Acts;

/// <summary>.NET: waits for a task with a token, and the task completes.</summary>
public sealed class TaskWaitCompleted : IAwaitedOperation
{
    private readonly CancellationTokenSource _source = new();

    public async Task RunAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var work = new TaskCompletionSource();
            var wait = work.Task.WaitAsync(_source.Token);
            work.SetResult();
            await wait;
        }
    }
}

/// <summary>Baton: waits for a task with a context, and the task completes.</summary>
public sealed class ContextWaitCompleted : IAwaitedOperation
{
    private readonly CancelableContext _ctx = Context.Background.WithCancel();

    public async Task RunAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var work = new TaskCompletionSource();
            var wait = _ctx.WaitAsync(work.Task);
            work.SetResult();
            await wait;
        }
    }
}

/// <summary>.NET: waits for a task with a linked token, which is canceled.</summary>
public sealed class TaskWaitCanceled : IAwaitedOperation
{
    private readonly CancellationTokenSource _parent = new();

    public async Task RunAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var child = CancellationTokenSource.CreateLinkedTokenSource(_parent.Token);
            var work = new TaskCompletionSource();
            var wait = work.Task.WaitAsync(child.Token);
            child.Cancel();
            try
            {
                await wait;
            }
            catch (OperationCanceledException)
            {
            }
        }
    }
}

/// <summary>Baton: waits for a task with a child, which is canceled.</summary>
public sealed class ContextWaitCanceled : IAwaitedOperation
{
    private readonly CancelableContext _parent = Context.Background.WithCancel();

    public async Task RunAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var child = _parent.WithCancel();
            var work = new TaskCompletionSource();
            var wait = child.WaitAsync(work.Task);
            child.Cancel();
            try
            {
                await wait;
            }
            catch (OperationCanceledException)
            {
            }
        }
    }
}
