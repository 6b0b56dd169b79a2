namespace Baton.AspNetCore;

/// <summary>The context of one call of a hub, made when code first asks for it.</summary>
/// <remarks>
/// A service of the call's scope. The context is ended when the method has returned. A stream goes on then,
/// so its context ends when SignalR disposes the scope, or when the client cancels the stream.
/// </remarks>
[ContextCarrier]
internal sealed class HubCall : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HubCalls _calls;
    private readonly HubConnection _connection;
    private CancelableContext? _context;
    private bool _isOver;

    public HubCall(HubCalls calls)
    {
        _calls = calls;
        _connection = HubFlow.Connection ?? throw new InvalidOperationException(
            "No call of a hub runs here, so there is no context of one. Take a Context as a parameter of the hub's method, "
            + "or in the constructor of a scoped or transient service that the hub uses.");
    }

    internal Context Context
    {
        get
        {
            lock (_lock)
            {
                if (_context is null)
                {
                    _context = _connection.Derive();
                    if (_isOver)
                    {
                        _context.Cancel(new RequestCompletedException());
                    }
                    else
                    {
                        _calls.Enter();
                    }
                }

                return _context;
            }
        }
    }

    /// <summary>Ends the context, because the call is over.</summary>
    public void Dispose()
    {
        CancelableContext? ended;
        lock (_lock)
        {
            ended = _isOver ? null : _context;
            _isOver = true;
        }

        if (ended is not null)
        {
            ended.Cancel(new RequestCompletedException());
            _calls.Leave();
        }
    }

    /// <summary>
    /// Called when SignalR cancels the token of a stream: for the client, or with the connection.
    /// </summary>
    internal void OnStreamCanceled()
    {
        if (_connection.IsAborted)
        {
            // SignalR may cancel this token first. The cause is the connection's all the same.
            _connection.OnAborted();
            return;
        }

        CancelableContext? canceled;
        lock (_lock)
        {
            canceled = _context;
        }

        canceled?.Cancel();
    }
}
