using System.Runtime.InteropServices;

namespace Baton;

/// <summary>The cause of a context that a signal has ended: see <see cref="Context.WithSignals()"/>.</summary>
/// <remarks>Its message names the signal: "SIGTERM signal received".</remarks>
public sealed class SignalReceivedException : Exception
{
    internal SignalReceivedException(PosixSignal signal)
        : base($"{signal} signal received") => Signal = signal;

    /// <summary>The signal that was received: one of those that the context was made for.</summary>
    public PosixSignal Signal { get; }
}
