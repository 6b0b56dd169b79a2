namespace Baton.Acts;

/// <summary>
/// .NET: an hour or a cancellation, whichever is first. The cancellation is first, and the delay is canceled.
/// </summary>
public sealed class WhenAnyOfTwo : IAwaitedOperation
{
    private readonly CancellationTokenSource _parent = new();

    public async Task RunAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var child = CancellationTokenSource.CreateLinkedTokenSource(_parent.Token);
            using var loser = new CancellationTokenSource();
            var hour = Task.Delay(TimeSpan.FromHours(1), loser.Token);
            var winner = Task.WhenAny(hour, Task.Delay(Timeout.InfiniteTimeSpan, child.Token));
            child.Cancel();
            Made.Canceled(await winner != hour);
            loser.Cancel();
        }
    }
}

/// <summary>Baton: an hour or the end of a context, whichever is first. The context ends.</summary>
public sealed class SelectOfTwo : IAwaitedOperation
{
    private readonly CancelableContext _parent = Context.Background.WithCancel();

    public async Task RunAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var child = _parent.WithCancel();
            var winner = Select.After(TimeSpan.FromHours(1)).Done(child).AsTask();
            child.Cancel();
            Made.Canceled(await winner == 1);
        }
    }
}
