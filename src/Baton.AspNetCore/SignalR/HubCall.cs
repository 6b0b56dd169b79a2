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
    private HubCallContext? _context;
    private Type? _hub;
    private string? _method;
    private bool _isOver;

    public HubCall(HubCalls calls)
    {
        _calls = calls;
        _connection = HubFlow.Connection ?? throw new InvalidOperationException(
            "No call of a hub runs here, so there is no context of one. Take a Context as a parameter of the hub's method, "
            + "or in the constructor of a scoped or transient service that the hub uses.");
    }

    internal Context Context => Look();

    /// <summary>The hub and its method, as they are named in code; null before the call has begun.</summary>
    internal string? Name => _hub is { } hub ? $"{hub.Name}/{_method}" : null;

    /// <summary>When the call began, as a timestamp of its context's clock.</summary>
    internal long StartedAt { get; private set; }

    /// <summary>The method is about to run.</summary>
    /// <param name="hub">The class of the hub.</param>
    /// <param name="method">The name of the method, in code.</param>
    internal void Begin(Type hub, string method)
    {
        StartedAt = _connection.Context.TimeProvider.GetTimestamp();
        _method = method;
        Volatile.Write(ref _hub, hub);
        if (_connection.Server.Watcher is { } watcher
            && Look() is var ctx && watcher.Began(ctx) is { } watched && !ctx.TryFollow(watched, before: null))
        {
            // The watcher has found the call among those that run at the same time.
            watched.Forget();
        }
    }

    /// <summary>Ends the context, because the call is over.</summary>
    public void Dispose()
    {
        HubCallContext? ended;
        lock (_lock)
        {
            ended = _isOver ? null : _context;
            _isOver = true;
        }

        if (ended is not null)
        {
            ended.Complete();
            _calls.Leave(this);
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

    /// <summary>The context, which is made now if nobody has asked for it.</summary>
    internal HubCallContext Look()
    {
        lock (_lock)
        {
            if (_context is null)
            {
                _context = _connection.Derive(this);
                if (_isOver)
                {
                    _context.Complete();
                }
                else
                {
                    _calls.Enter(this);
                }
            }

            return _context;
        }
    }
}
