namespace Baton.Acts;

/// <summary>.NET: an hour's delay on a linked token, canceled and awaited.</summary>
public sealed class TaskDelayCanceled : IAwaitedOperation
{
    private readonly CancellationTokenSource _parent = new();

    public async Task RunAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var child = CancellationTokenSource.CreateLinkedTokenSource(_parent.Token);
            var delay = Task.Delay(TimeSpan.FromHours(1), child.Token);
            child.Cancel();
            try
            {
                await delay;
            }
            catch (OperationCanceledException)
            {
            }
        }
    }
}

/// <summary>Baton: an hour's delay on a child, canceled and awaited.</summary>
public sealed class ContextDelayCanceled : IAwaitedOperation
{
    private readonly CancelableContext _parent = Context.Background.WithCancel();

    public async Task RunAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var child = _parent.WithCancel();
            var delay = child.Delay(TimeSpan.FromHours(1));
            child.Cancel();
            try
            {
                await delay;
            }
            catch (OperationCanceledException)
            {
            }
        }
    }
}

/// <summary>.NET: delays of an hour on one token, made and left pending.</summary>
public sealed class TaskDelaysPending : IBuiltOperation
{
    private CancellationTokenSource _source = new();
    private Task[] _made = [];

    public void Build(int size)
    {
        _source = new CancellationTokenSource();
        _made = new Task[size];
    }

    public void Run()
    {
        var token = _source.Token;
        for (var i = 0; i < _made.Length; i++)
        {
            _made[i] = Task.Delay(TimeSpan.FromHours(1), token);
        }
    }

    public void Clear()
    {
        _source.Cancel();
        Made.Completed(_made);
    }
}

/// <summary>Baton: delays of an hour on one context, made and left pending.</summary>
public sealed class ContextDelaysPending : IBuiltOperation
{
    private CancelableContext _ctx = Context.Background.WithCancel();
    private Task[] _made = [];

    public void Build(int size)
    {
        _ctx = Context.Background.WithCancel();
        _made = new Task[size];
    }

    public void Run()
    {
        for (var i = 0; i < _made.Length; i++)
        {
            _made[i] = _ctx.Delay(TimeSpan.FromHours(1));
        }
    }

    public void Clear()
    {
        _ctx.Cancel();
        Made.Completed(_made);
    }
}
