namespace Baton.Tests.Model;

/// <summary>A callback that notes its runs, and whether its context was live then.</summary>
internal sealed class CallbackProbe(Context ctx)
{
    private int _runs;

    internal int Runs => Volatile.Read(ref _runs);

    internal bool IsEarly { get; private set; }

    /// <summary>What stops it; null for a callback on the token, whose end nobody orders.</summary>
    internal ContextRegistration? Registration { get; set; }

    internal void Run()
    {
        IsEarly |= !ctx.IsDone;
        Interlocked.Increment(ref _runs);
    }
}
