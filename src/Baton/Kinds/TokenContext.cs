using System.Text;

namespace Baton;

/// <summary>A context over a token of somebody else's. It looks at the token when it is asked.</summary>
/// <remarks>
/// It registers on the token only while something hangs on it: a context over a long-lived token costs that
/// token nothing once the context's children are released.
/// </remarks>
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
            // Each of two racing calls looks again under the gate, so the last one leaves it right.
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

        // If the token called back from within its registration, OnToken has left the rest to this thread.
        Poll();
    }

    private void OnToken()
    {
        // A token that is canceled already calls back from within its registration, with the gate held. Do
        // not end this context there: ending it may wait for a thread that ends another context and waits for
        // this gate.
        if (!_gate.IsHeldByCurrentThread)
        {
            EndNow(Outcome.Canceled);
        }
    }
}
