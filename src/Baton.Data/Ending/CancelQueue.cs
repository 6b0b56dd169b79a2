namespace Baton.Data;

/// <summary>Cancels the statements of one server in turn, a few at a time.</summary>
/// <remarks>
/// A driver's cancel may open a connection, and holds its thread for as long. If every statement of a storm
/// were canceled at once, the server would get as many connections more as it has statements.
/// </remarks>
internal sealed class CancelQueue : IThreadPoolWorkItem
{
    /// <summary>How many cancels run at once.</summary>
    internal const int AtOnce = 4;

    private readonly Lock _lock = new();
    private readonly Queue<Statement> _waiting = [];
    private int _running;

    internal void Add(Statement statement)
    {
        lock (_lock)
        {
            _waiting.Enqueue(statement);
            if (_running == AtOnce)
            {
                return;
            }

            _running++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            Statement? statement;
            lock (_lock)
            {
                if (!_waiting.TryDequeue(out statement))
                {
                    _running--;
                    return;
                }
            }

            // Outside the lock: a cancel takes as long as the server does to accept a connection.
            statement.Cancel();
        }
    }
}
