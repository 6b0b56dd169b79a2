using System.Threading.Tasks.Sources;

namespace Baton.Exploration;

/// <summary>
/// A channel that ends its waits on the thread that sends. The channels of System.Threading.Channels end them
/// on a thread pool that Coyote does not control.
/// </summary>
internal sealed class TestChannel : ChannelReader<int>
{
    private readonly object _lock = new();
    private readonly Queue<int> _items = [];
    private readonly List<Wait> _waits = [];
    private readonly TaskCompletionSource _end = new();

    public override Task Completion => _end.Task;

    /// <summary>The waits that were neither told nor given up.</summary>
    internal int WaitCount
    {
        get
        {
            lock (_lock)
            {
                return _waits.Count;
            }
        }
    }

    /// <summary>
    /// Every item is told to every wait, as in a channel of .NET: the quickest reader takes it.
    /// </summary>
    internal void Send(int item)
    {
        Wait[] waits;
        lock (_lock)
        {
            _items.Enqueue(item);
            waits = [.. _waits];
            _waits.Clear();
        }

        foreach (var wait in waits)
        {
            wait.End(isGivenUp: false);
        }
    }

    public override bool TryRead(out int item)
    {
        lock (_lock)
        {
            return _items.TryDequeue(out item);
        }
    }

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return ValueTask.FromCanceled<bool>(cancellationToken);
            }

            if (_items.Count > 0)
            {
                return new ValueTask<bool>(true);
            }

            var wait = new Wait(cancellationToken);
            _waits.Add(wait);
            cancellationToken.UnsafeRegister(_ => GiveUp(wait), null);
            return new ValueTask<bool>(wait, 0);
        }
    }

    private void GiveUp(Wait wait)
    {
        bool isHere;
        lock (_lock)
        {
            isHere = _waits.Remove(wait);
        }

        if (isHere)
        {
            wait.End(isGivenUp: true);
        }
    }

    private sealed class Wait(CancellationToken stop) : IValueTaskSource<bool>
    {
        private readonly object _lock = new();
        private ValueTaskSourceStatus _status;
        private Action? _continuation;
        private bool _wasAsked;

        internal void End(bool isGivenUp)
        {
            Action? continuation;
            lock (_lock)
            {
                _status = isGivenUp ? ValueTaskSourceStatus.Canceled : ValueTaskSourceStatus.Succeeded;
                continuation = _continuation;
            }

            continuation?.Invoke();
        }

        public ValueTaskSourceStatus GetStatus(short token)
        {
            lock (_lock)
            {
                return _status;
            }
        }

        public void OnCompleted(
            Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        {
            lock (_lock)
            {
                if (_status == ValueTaskSourceStatus.Pending)
                {
                    _continuation = () => continuation(state);
                    return;
                }
            }

            continuation(state);
        }

        public bool GetResult(short token)
        {
            lock (_lock)
            {
                Scenario.Check(
                    _status != ValueTaskSourceStatus.Pending,
                    "A wait is asked for its result only after it has ended.");
                Scenario.Check(!_wasAsked, "A wait is asked for its result once: its source may be pooled.");
                _wasAsked = true;
                return _status == ValueTaskSourceStatus.Succeeded
                    ? true
                    : throw new OperationCanceledException(stop);
            }
        }
    }
}
