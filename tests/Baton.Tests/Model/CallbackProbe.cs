namespace Baton.Tests.Model;

/// <summary>A callback that notes its runs, and whether its context was live then.</summary>
internal sealed class CallbackProbe(Context ctx)
{
    private int _runs;

    internal int Runs => Volatile.Read(ref _runs);

    internal bool IsEarly { get; private set; }

    /// <summary>Stops the callback. Null for a callback on the token, which no step stops.</summary>
    internal ContextRegistration? Registration { get; set; }

    internal void Run()
    {
        IsEarly |= !ctx.IsDone;
        Interlocked.Increment(ref _runs);
    }
}
