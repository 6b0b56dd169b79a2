namespace Baton.Acts;

/// <summary>.NET: linked sources, each under the one before, canceled at the top.</summary>
public sealed class LinkedSourceChain : IBuiltOperation
{
    private CancellationTokenSource? _top, _bottom;

    public void Build(int size)
    {
        _top = _bottom = new CancellationTokenSource();
        for (var i = 0; i < size; i++)
        {
            _bottom = CancellationTokenSource.CreateLinkedTokenSource(_bottom.Token);
        }
    }

    public void Run() => _top!.Cancel();

    public void Clear() => Made.Canceled(_bottom!.IsCancellationRequested);
}

/// <summary>Baton: children, each under the one before, canceled at the top.</summary>
public sealed class ContextChain : IBuiltOperation
{
    private CancelableContext? _top, _bottom;

    public void Build(int size)
    {
        _top = _bottom = Context.Background.WithCancel();
        for (var i = 0; i < size; i++)
        {
            _bottom = _bottom.WithCancel();
        }
    }

    public void Run() => _top!.Cancel();

    public void Clear() => Made.Canceled(_bottom!.IsDone);
}

/// <summary>.NET: linked sources under one parent, which is canceled.</summary>
public sealed class LinkedSourceFan : IBuiltOperation
{
    private CancellationTokenSource? _top, _last;

    public void Build(int size)
    {
        _top = new CancellationTokenSource();
        for (var i = 0; i < size; i++)
        {
            _last = CancellationTokenSource.CreateLinkedTokenSource(_top.Token);
        }
    }

    public void Run() => _top!.Cancel();

    public void Clear() => Made.Canceled(_last!.IsCancellationRequested);
}

/// <summary>Baton: children under one parent, which is canceled.</summary>
public sealed class ContextFan : IBuiltOperation
{
    private CancelableContext? _top, _last;

    public void Build(int size)
    {
        _top = Context.Background.WithCancel();
        for (var i = 0; i < size; i++)
        {
            _last = _top.WithCancel();
        }
    }

    public void Run() => _top!.Cancel();

    public void Clear() => Made.Canceled(_last!.IsDone);
}
