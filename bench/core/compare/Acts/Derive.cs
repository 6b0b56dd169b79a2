namespace Baton.Acts;

/// <summary>.NET: a linked source, disposed.</summary>
public readonly struct LinkedSource : IOperation
{
    private readonly CancellationToken _parent;

    public LinkedSource()
        : this(new CancellationTokenSource().Token)
    {
    }

    public LinkedSource(CancellationToken parent) => _parent = parent;

    public int Run()
    {
        using var child = CancellationTokenSource.CreateLinkedTokenSource(_parent);
        return 0;
    }
}

/// <summary>Baton: a child that can be canceled, disposed.</summary>
public readonly struct WithCancel : IOperation
{
    private readonly Context _parent;

    public WithCancel()
        : this(Context.Background.WithCancel())
    {
    }

    public WithCancel(Context parent) => _parent = parent;

    public int Run()
    {
        using var child = _parent.WithCancel();
        return 0;
    }
}

/// <summary>.NET: a linked source whose token was taken, canceled and disposed.</summary>
public readonly struct LinkedSourceCanceled : IOperation
{
    private readonly CancellationToken _parent;

    public LinkedSourceCanceled()
        : this(new CancellationTokenSource().Token)
    {
    }

    public LinkedSourceCanceled(CancellationToken parent) => _parent = parent;

    public int Run()
    {
        using var child = CancellationTokenSource.CreateLinkedTokenSource(_parent);
        var token = child.Token;
        child.Cancel();
        return token.IsCancellationRequested ? 1 : 0;
    }
}

/// <summary>Baton: a child whose token was taken, disposed. That cancels the token.</summary>
public readonly struct WithCancelTaken : IOperation
{
    private readonly Context _parent;

    public WithCancelTaken()
        : this(Context.Background.WithCancel())
    {
    }

    public WithCancelTaken(Context parent) => _parent = parent;

    public int Run()
    {
        var child = _parent.WithCancel();
        var token = child.Done;
        child.Dispose();
        return token.IsCancellationRequested ? 1 : 0;
    }
}
