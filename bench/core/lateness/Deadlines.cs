namespace Baton.Lateness;

/// <summary>One way to cancel a token after a time.</summary>
internal abstract class Deadlines
{
    internal abstract string Name { get; }

    /// <summary>Starts a deadline, which lives until the returned object is disposed.</summary>
    internal abstract (IDisposable Owner, CancellationToken Token) Start(TimeSpan timeout);
}

internal sealed class BatonDeadlines : Deadlines
{
    internal override string Name => "Baton";

    internal override (IDisposable Owner, CancellationToken Token) Start(TimeSpan timeout)
    {
        var ctx = Context.Background.WithTimeout(timeout);
        return (ctx, ctx.Done);
    }
}

internal sealed class NetDeadlines : Deadlines
{
    internal override string Name => ".NET's own";

    internal override (IDisposable Owner, CancellationToken Token) Start(TimeSpan timeout)
    {
        var source = new CancellationTokenSource(timeout);
        return (source, source.Token);
    }
}
