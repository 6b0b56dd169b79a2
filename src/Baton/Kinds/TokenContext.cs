using System.Text;
using System.Text.Json.Serialization;

namespace Baton;

/// <summary>A context over a foreign token. It looks at the token whenever a reader asks it.</summary>
/// <remarks>
/// It is registered on the token only while something hangs on it. So a context over a long-lived token costs
/// that token nothing once the context's children are released.
/// </remarks>
[JsonConverter(typeof(ContextJsonConverter))]
internal sealed class TokenContext(CancellationToken token)
    : CancelableContext(parent: null, OverToken | BelowToken | HasOnDone)
{
    private readonly Lock _gate = new();
    private CancellationTokenRegistration _registration;

    public override CancellationToken Done => token;

    internal override DeadlineContext? Due => null;

    internal override void AppendTo(StringBuilder text) => text.Append("FromToken");

    /// <summary>Whether the token is canceled. If so, the context is done on return.</summary>
    internal bool Poll() => token.IsCancellationRequested && EndAsToken();

    private bool EndAsToken()
    {
        EndNow(Outcome.Canceled);
        return true;
    }

    private protected override void OnDependents() => Watch();

    private protected override void OnDone() => Watch();

    /// <summary>Registers on the token if anything hangs on this context; otherwise unregisters.</summary>
    private void Watch()
    {
        lock (_gate)
        {
            // Two calls may race. Each looks at the dependents under the gate, so the later call leaves the
            // registration as it has to be.
            if (!HasDependents)
            {
                _registration.Unregister();
                _registration = default;
            }
            else if (_registration == default)
            {
                _registration = token.UnsafeRegister(static state => ((TokenContext)state!).OnToken(), this);
            }
        }

        // If the token called back from within its registration, OnToken has left the end to this thread.
        Poll();
    }

    private void OnToken()
    {
        // A token that is canceled already calls back from within its registration, while this thread holds
        // the gate. Do not end the context then: that may wait for a thread which is ending another context
        // and waits for this gate. Watch ends it after it has left the gate.
        if (!_gate.IsHeldByCurrentThread)
        {
            EndNow(Outcome.Canceled);
        }
    }
}
