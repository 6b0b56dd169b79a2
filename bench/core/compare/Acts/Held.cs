namespace Baton.Acts;

/// <summary>
/// The timeouts of the held objects: one to two hours, and never the same for two in a row.
/// </summary>
internal static class Spread
{
    internal static TimeSpan Timeout(int index) => TimeSpan.FromSeconds(3600 + (index * 7 % 3600));
}

/// <summary>.NET: sources that cancel themselves, with no parent.</summary>
public sealed class HeldSources : IHeld
{
    public IDisposable Make(int index)
    {
        var source = new CancellationTokenSource();
        source.CancelAfter(Spread.Timeout(index));
        return source;
    }

    public void Release(IDisposable[] made) => Array.ForEach(made, static one => one.Dispose());
}

/// <summary>Baton: contexts with a timeout, with no parent that can be canceled.</summary>
public sealed class HeldTimeouts : IHeld
{
    public IDisposable Make(int index) => Context.Background.WithTimeout(Spread.Timeout(index));

    public void Release(IDisposable[] made) => Array.ForEach(made, static one => one.Dispose());
}

/// <summary>.NET: linked sources under one parent.</summary>
public sealed class HeldLinkedSources : IHeld
{
    private CancellationTokenSource _parent = new();

    public IDisposable Make(int index) => CancellationTokenSource.CreateLinkedTokenSource(_parent.Token);

    public void Release(IDisposable[] made)
    {
        _parent.Cancel();
        _parent = new CancellationTokenSource();
    }
}

/// <summary>Baton: children under one parent.</summary>
public sealed class HeldChildren : IHeld
{
    private CancelableContext _parent = Context.Background.WithCancel();

    public IDisposable Make(int index) => _parent.WithCancel();

    public void Release(IDisposable[] made)
    {
        _parent.Cancel();
        _parent = Context.Background.WithCancel();
    }
}
