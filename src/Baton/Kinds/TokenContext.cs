using System.Text;

namespace Baton;

/// <summary>A context over a token of somebody else's. Looks at the token when asked.</summary>
/// <remarks>
/// It registers on the token only while something hangs on it: a context from a long-lived token costs that
/// token nothing once its children are released.
/// </remarks>
internal sealed class TokenContext(CancellationToken token)
    : CancelableContext(parent: null, Foreign | Holder)
{
    private readonly Lock _gate = new();
    private CancellationTokenRegistration _registration;

    public override CancellationToken Done => token;

    internal override DeadlineContext? Due => null;

    internal override void AppendTo(StringBuilder text) => text.Append("FromToken");

    private protected override bool Poll()
    {
        if (!token.IsCancellationRequested)
        {
            return false;
        }

        End(Outcome.Canceled);
        return true;
    }

    private protected override void OnDependents() => Watch();

    private protected override void OnDone() => Watch();

    /// <summary>Brings the registration in line with whether anything hangs on this context.</summary>
    private void Watch()
    {
        lock (_gate)
        {
            // Both branches look again under the gate, so the last of two racing calls leaves it right.
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

        // What the call back left to this thread.
        Poll();
    }

    private void OnToken()
    {
        // A token that is canceled already calls back from within its registration. Ending this context
        // there, with the gate held, could wait for a thread that ends another one and wants this gate.
        if (!_gate.IsHeldByCurrentThread)
        {
            End(Outcome.Canceled);
        }
    }
}
