namespace Baton;

/// <summary>Holds back the token callbacks of one cancellation until all of its contexts are done.</summary>
/// <remarks>
/// <see cref="CancellationTokenSource.CancelAsync"/> cancels a token and queues its callbacks in one step. The
/// queued item carries the execution context of the canceling thread, and an <see cref="AsyncLocal{T}"/>
/// reports when another thread enters that execution context. This happens before any callback runs, and
/// there the other thread waits for the gate. It waits only for the canceling thread, which runs no caller's
/// code until it opens the gate.
/// </remarks>
internal sealed class TokenGate
{
    private static readonly AsyncLocal<TokenGate?> s_current = new(OnChanged);

    /// <summary>
    /// Volatile: a thread that sees the gate open also sees the contexts done.
    /// </summary>
    private volatile bool _isOpen;

    private static void OnChanged(AsyncLocalValueChangedArgs<TokenGate?> change)
    {
        if (change is { ThreadContextChanged: true, CurrentValue: { _isOpen: false } gate })
        {
            for (var wait = default(SpinWait); !gate._isOpen;)
            {
                Seam.Wait(ref wait);
            }
        }
    }

    /// <summary>
    /// The part of a cancellation during which queued callbacks meet the gate. It begins with the first call
    /// of <see cref="Enter"/>.
    /// </summary>
    internal struct Scope : IDisposable
    {
        private TokenGate? _gate;
        private TokenGate? _outer;
        private bool _wasSuppressed;

        internal void Enter()
        {
            if (_gate is not null)
            {
                return;
            }

            _gate = new TokenGate();
            _outer = s_current.Value;
            _wasSuppressed = ExecutionContext.IsFlowSuppressed();
            if (_wasSuppressed)
            {
                ExecutionContext.RestoreFlow();
            }

            s_current.Value = _gate;
        }

        public readonly void Dispose()
        {
            if (_gate is null)
            {
                return;
            }

            s_current.Value = _outer;
            if (_wasSuppressed)
            {
                ExecutionContext.SuppressFlow();
            }

            _gate._isOpen = true;
        }
    }
}
