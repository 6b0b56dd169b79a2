using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Serialization;

namespace Baton;

/// <summary>A context that also ends when the process receives a signal.</summary>
[JsonConverter(typeof(ContextJsonConverter))]
internal sealed class SignalContext(Context parent, PosixSignal[] signals) : CancelableContext(parent, HasOnDone)
{
    private bool _hasReceived;
    private PosixSignalRegistration[]? _registrations;

    internal override DeadlineContext? Due { get; } = parent.Due;

    internal override void AppendTo(StringBuilder text) =>
        text.Append(".WithSignals(").AppendJoin(", ", signals).Append(')');

    /// <summary>Begins to catch the signals: all of them, or none if it throws.</summary>
    /// <param name="name">The caller's parameter, for the exception.</param>
    internal void Listen(string name)
    {
        var registrations = new List<PosixSignalRegistration>(signals.Length);
        try
        {
            foreach (var signal in signals.Distinct())
            {
                registrations.Add(Register(signal, name));
            }
        }
        catch
        {
            Release(registrations);
            throw;
        }

        // A full fence between this write and the read of the state, and another one in OnDone: if the context
        // ends meanwhile, either OnDone finds the registrations, or this thread sees that it has ended.
        Interlocked.Exchange(ref _registrations, [.. registrations]);
        if (Ended)
        {
            OnDone();
        }
    }

    private protected override void OnDone() => Release(Interlocked.Exchange(ref _registrations, null));

    private static void Release(IEnumerable<PosixSignalRegistration>? registrations)
    {
        foreach (var registration in registrations ?? [])
        {
            registration.Dispose();
        }
    }

    private PosixSignalRegistration Register(PosixSignal signal, string name)
    {
        try
        {
            return PosixSignalRegistration.Create(signal, OnSignal);
        }
        catch (Exception e) when (e is ArgumentException or IOException or PlatformNotSupportedException)
        {
            throw new ArgumentException(
                $"This system does not let a process catch {signal}. Leave it out here.",
                name,
                e);
        }
    }

    private void OnSignal(PosixSignalContext received)
    {
        // Only the first signal is caught. A second one that is received before the registrations are gone
        // has its default effect. The runtime runs each signal on a thread of its own, and the exchange lets
        // one of these threads through.
        if (!Ended && !Interlocked.Exchange(ref _hasReceived, true))
        {
            received.Cancel = true;
            End(new Outcome(new SignalReceivedException(received.Signal)));
        }
    }
}
