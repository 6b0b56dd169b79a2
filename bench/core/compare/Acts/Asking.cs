namespace Baton.Acts;

/// <summary>.NET: asks a live token.</summary>
public readonly struct IsCancellationRequested : IOperation
{
    private readonly CancellationToken _token;

    public IsCancellationRequested()
        : this(new CancellationTokenSource().Token)
    {
    }

    public IsCancellationRequested(CancellationToken token) => _token = token;

    public int Run() => _token.IsCancellationRequested ? 1 : 0;
}

/// <summary>Baton: asks a live context.</summary>
public readonly struct IsDone : IOperation
{
    private readonly Context _ctx;

    public IsDone()
        : this(Context.Background.WithCancel())
    {
    }

    public IsDone(Context ctx) => _ctx = ctx;

    public int Run() => _ctx.IsDone ? 1 : 0;
}

/// <summary>
/// Baton: looks for a key that none of a hundred values above has, each with a key of its own.
/// </summary>
public readonly struct ValueMissing : IOperation
{
    private static readonly ContextKey<int> s_missing = new("missing");

    private readonly Context _ctx;

    public ValueMissing()
        : this(Context.Background.WithCancel())
    {
    }

    public ValueMissing(Context top)
    {
        _ctx = top;
        for (var i = 0; i < 100; i++)
        {
            _ctx = _ctx.WithValue(new ContextKey<int>($"key {i}"), i);
        }
    }

    public int Run() => _ctx.Value(s_missing);
}

/// <summary>Baton: looks for the key that was set as the tenth from below.</summary>
public readonly struct ValueFound : IOperation
{
    private static readonly ContextKey<int> s_wanted = new("wanted");

    private readonly Context _ctx;

    public ValueFound()
        : this(Context.Background.WithCancel())
    {
    }

    public ValueFound(Context top)
    {
        _ctx = top.WithValue(s_wanted, 1);
        for (var i = 1; i < 10; i++)
        {
            _ctx = _ctx.WithValue(new ContextKey<int>($"key {i}"), i);
        }
    }

    public int Run() => _ctx.Value(s_wanted);
}
