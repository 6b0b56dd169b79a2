using System.Diagnostics;
using System.Threading.Channels;

namespace Baton.ServerBench;

/// <summary>Handlers of <c>/hello</c> tell here that they wait, and that they have resumed.</summary>
internal sealed class Probe
{
    private readonly Channel<bool> _entered = Channel.CreateUnbounded<bool>();
    private readonly Channel<long> _resumed = Channel.CreateUnbounded<long>();

    /// <summary>Now, in nanoseconds on the monotonic clock that all processes of a machine share.</summary>
    /// <remarks>
    /// Linux counts it from the machine's start. The wall clock would give nonsense if it were set between the
    /// client's close and the handler's end. Go's side reads the same clock.
    /// </remarks>
    internal static long Now => Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency);

    internal void Enter() => _entered.Writer.TryWrite(true);

    internal void Resume() => _resumed.Writer.TryWrite(Now);

    internal ValueTask<bool> EnteredAsync() => _entered.Reader.ReadAsync();

    internal ValueTask<long> ResumedAsync() => _resumed.Reader.ReadAsync();
}
