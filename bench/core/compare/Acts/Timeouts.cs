namespace Baton.Acts;

/// <summary>.NET: a linked source with a timer of its own, disposed.</summary>
public readonly struct LinkedSourceAfter : IOperation
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly CancellationToken _parent;

    public LinkedSourceAfter()
        : this(new CancellationTokenSource().Token)
    {
    }

    public LinkedSourceAfter(CancellationToken parent) => _parent = parent;

    public int Run()
    {
        using var child = CancellationTokenSource.CreateLinkedTokenSource(_parent);
        child.CancelAfter(s_hour);
        return 0;
    }
}

/// <summary>Baton: a child with a timeout, disposed.</summary>
public readonly struct WithTimeout : IOperation
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly Context _parent;

    public WithTimeout()
        : this(Context.Background.WithCancel())
    {
    }

    public WithTimeout(Context parent) => _parent = parent;

    public int Run()
    {
        using var child = _parent.WithTimeout(s_hour);
        return 0;
    }
}

/// <summary>.NET: a linked source with a timer whose token was taken, canceled and disposed.</summary>
public readonly struct LinkedSourceAfterCanceled : IOperation
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly CancellationToken _parent;

    public LinkedSourceAfterCanceled() => _parent = new CancellationTokenSource().Token;

    public int Run()
    {
        using var child = CancellationTokenSource.CreateLinkedTokenSource(_parent);
        child.CancelAfter(s_hour);
        var token = child.Token;
        child.Cancel();
        return token.IsCancellationRequested ? 1 : 0;
    }
}

/// <summary>Baton: a child with a timeout whose token was taken, disposed. That cancels the token.</summary>
public readonly struct WithTimeoutTaken : IOperation
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly Context _parent;

    public WithTimeoutTaken() => _parent = Context.Background.WithCancel();

    public int Run()
    {
        var child = _parent.WithTimeout(s_hour);
        var token = child.Done;
        child.Dispose();
        return token.IsCancellationRequested ? 1 : 0;
    }
}
