namespace Baton.Conformance;

/// <summary>A function registered with AfterFunc, which counts its runs.</summary>
internal sealed class ReplayFunction
{
    private readonly ContextRegistration _registration;
    private int _runs;

    internal ReplayFunction(Context ctx) => _registration = ctx.AfterFunc(() =>
        Interlocked.Increment(ref _runs));

    internal int Runs => Volatile.Read(ref _runs);

    /// <summary>Whether the trace has said that it ran.</summary>
    internal bool IsExpected { get; set; }

    internal bool IsStopped { get; private set; }

    internal bool Stop()
    {
        var stopped = _registration.Stop();
        IsStopped |= stopped;
        return stopped;
    }
}
