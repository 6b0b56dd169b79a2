using System.Diagnostics;

namespace Baton.Hops;

/// <summary>
/// One request at a time on its way through a chain: when it has arrived at the end, and when it is let go
/// of.
/// </summary>
internal sealed class Visit
{
    private const int Hops = 3;

    private TaskCompletionSource _arrived = Fresh();
    private TaskCompletionSource _over = Fresh();
    private int _left;

    /// <summary>When the last handler went on.</summary>
    internal long Resumed { get; private set; }

    /// <summary>The last handler waits.</summary>
    internal Task Arrived => _arrived.Task;

    /// <summary>All handlers have returned.</summary>
    internal Task Over => _over.Task;

    internal void Begin() => (_arrived, _over, _left) = (Fresh(), Fresh(), Hops);

    internal void Arrive() => _arrived.SetResult();

    internal void Resume() => Resumed = Stopwatch.GetTimestamp();

    internal void Leave()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _over.SetResult();
        }
    }

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
