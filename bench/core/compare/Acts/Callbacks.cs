namespace Baton.Acts;

/// <summary>.NET: registers a callback on a live token and takes it back.</summary>
public readonly struct UnsafeRegister : IOperation
{
    private readonly CancellationToken _token;

    public UnsafeRegister() => _token = new CancellationTokenSource().Token;

    public int Run()
    {
        _token.UnsafeRegister(static _ => { }, null).Dispose();
        return 0;
    }
}

/// <summary>Baton: registers a function on a live context and stops it.</summary>
public readonly struct AfterFunc : IOperation
{
    private readonly Context _ctx;

    public AfterFunc() => _ctx = Context.Background.WithCancel();

    public int Run() => _ctx.AfterFunc(static () => { }).Stop() ? 1 : 0;
}
