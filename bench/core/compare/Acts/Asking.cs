namespace Baton.Acts;

/// <summary>.NET: asks a live token.</summary>
public readonly struct IsCancellationRequested : IOperation
{
    private readonly CancellationToken _token;

    public IsCancellationRequested() => _token = new CancellationTokenSource().Token;

    public int Run() => _token.IsCancellationRequested ? 1 : 0;
}

/// <summary>Baton: asks a live context.</summary>
public readonly struct IsDone : IOperation
{
    private readonly Context _ctx;

    public IsDone() => _ctx = Context.Background.WithCancel();

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
        : this(depth: 100)
    {
    }

    public ValueMissing(int depth)
    {
        _ctx = Context.Background.WithCancel();
        for (var i = 0; i < depth; i++)
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
        : this(depth: 10)
    {
    }

    public ValueFound(int depth)
    {
        _ctx = Context.Background.WithCancel().WithValue(s_wanted, 1);
        for (var i = 1; i < depth; i++)
        {
            _ctx = _ctx.WithValue(new ContextKey<int>($"key {i}"), i);
        }
    }

    public int Run() => _ctx.Value(s_wanted);
}
