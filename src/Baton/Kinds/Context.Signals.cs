using System.Runtime.InteropServices;

namespace Baton;

public abstract partial class Context
{
    /// <summary>
    /// Derives a context that also ends when the process receives <see cref="PosixSignal.SIGINT"/>, which is
    /// Ctrl+C, or <see cref="PosixSignal.SIGTERM"/>, with which service managers and container runtimes stop a
    /// process.
    /// </summary>
    /// <remarks>
    /// <para>
    /// <see cref="Err"/> is then "context canceled", and <see cref="Cause"/> a <see
    /// cref="SignalReceivedException"/> that has the signal. The signal does nothing else: the process goes
    /// on, and ends when <c>Main</c> returns. However the context ends, it gives its signals back. So a
    /// second Ctrl+C has its default effect, and ends a process that does not stop. Dispose the child: until
    /// then the process holds on to it, and the signals do nothing but end it.
    /// </para>
    /// <para>
    /// Several contexts may be made for one signal: it ends them all. If other code catches the signal too,
    /// as .NET's generic host does, that code decides what a second signal does.
    /// </para>
    /// </remarks>
    public CancelableContext WithSignals() => WithSignals(PosixSignal.SIGINT, PosixSignal.SIGTERM);

    /// <summary>Derives a context that also ends when the process receives one of the signals.</summary>
    /// <remarks><inheritdoc cref="WithSignals()" path="/remarks" /></remarks>
    /// <param name="signals">
    /// Which ones; naming one twice changes nothing. None: the two of <see cref="WithSignals()"/>.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A signal cannot be caught on this system. None of the others is caught either.
    /// </exception>
    public CancelableContext WithSignals(params ReadOnlySpan<PosixSignal> signals)
    {
        var child = new SignalContext(
            this, signals.IsEmpty ? [PosixSignal.SIGINT, PosixSignal.SIGTERM] : signals.ToArray());
        Owner?.Adopt(child);
        try
        {
            child.Listen(nameof(signals));
        }
        catch
        {
            // The caller gets no child to dispose.
            child.Dispose();
            throw;
        }

        return child;
    }
}
