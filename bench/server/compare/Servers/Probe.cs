using System.Threading.Channels;

namespace Baton.ServerBench;

/// <summary>Handlers of <c>/hello</c> tell here that they wait, and that they have resumed.</summary>
internal sealed class Probe
{
    private readonly Channel<bool> _entered = Channel.CreateUnbounded<bool>();
    private readonly Channel<long> _resumed = Channel.CreateUnbounded<long>();

    /// <summary>Now, on the clock that all processes of a machine share, in nanoseconds.</summary>
    internal static long Now => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    internal void Enter() => _entered.Writer.TryWrite(true);

    internal void Resume() => _resumed.Writer.TryWrite(Now);

    internal ValueTask<bool> EnteredAsync() => _entered.Reader.ReadAsync();

    internal ValueTask<long> ResumedAsync() => _resumed.Reader.ReadAsync();
}
