namespace Baton;

/// <summary>Holds back the token callbacks of one cancellation until all of its contexts are done.</summary>
/// <remarks>
/// <see cref="CancellationTokenSource.CancelAsync"/> flips a token and queues its callbacks in one step. The
/// queued work carries the execution context of the canceling thread, and an <see cref="AsyncLocal{T}"/>
/// tells when a thread takes up an execution context. That is the moment before any callback runs, and the
/// gate is waited for there. The wait is for the canceling thread only, which runs no foreign code meanwhile.
/// </remarks>
internal sealed class TokenGate
{
    private static readonly AsyncLocal<TokenGate?> s_current = new(OnChanged);

    /// <summary>
    /// Volatile, so that who sees it open also sees the contexts that were made done before.
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
    /// The stretch of the canceling thread in which queued work meets the gate. Starts with the first Enter.
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
