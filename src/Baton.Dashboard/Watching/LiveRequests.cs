namespace Baton.Dashboard;

/// <summary>The requests in flight.</summary>
/// <remarks>
/// Spread over shards with a lock each, so that a request which begins or ends waits for no other, and the page, which
/// copies one shard at a time, holds no lock for longer than a microsecond or two.
/// </remarks>
internal sealed class LiveRequests
{
    /// <summary>The shards, each of which is copied under its own lock.</summary>
    internal const int PartCount = 256;

    private readonly Shard[] _shards = [.. Enumerable.Range(0, PartCount).Select(static _ => new Shard())];

    internal void Add(LiveRequest request) => ShardOf(request).Add(request);

    /// <summary>Takes a request out.</summary>
    /// <returns>False if it was taken out before.</returns>
    internal bool Remove(LiveRequest request) => ShardOf(request).Remove(request);

    /// <summary>Copies the requests that are in flight.</summary>
    internal void CopyTo(List<LiveRequest> requests)
    {
        for (var part = 0; part < PartCount; part++)
        {
            CopyTo(requests, part);
        }
    }

    /// <summary>Copies those of one shard.</summary>
    internal void CopyTo(List<LiveRequest> requests, int part) => _shards[part].CopyTo(requests);

    internal LiveRequest? Find(long number) => _shards[number % PartCount].Find(number);

    private Shard ShardOf(LiveRequest request) => _shards[request.Number % PartCount];

    private sealed class Shard
    {
        private readonly Lock _lock = new();
        private LiveRequest? _first;
        private int _count;

        internal void Add(LiveRequest request)
        {
            lock (_lock)
            {
                request.Next = _first;
                if (_first is not null)
                {
                    _first.Previous = request;
                }

                _first = request;
                request.IsListed = true;
                _count++;
            }
        }

        internal bool Remove(LiveRequest request)
        {
            lock (_lock)
            {
                if (!request.IsListed)
                {
                    return false;
                }

                if (request.Previous is { } previous)
                {
                    previous.Next = request.Next;
                }
                else
                {
                    _first = request.Next;
                }

                if (request.Next is { } next)
                {
                    next.Previous = request.Previous;
                }

                request.Next = request.Previous = null;
                request.IsListed = false;
                _count--;
                return true;
            }
        }

        internal void CopyTo(List<LiveRequest> requests)
        {
            // The list grows outside the lock. It may grow once more if requests were added in between.
            requests.EnsureCapacity(requests.Count + Volatile.Read(ref _count));
            lock (_lock)
            {
                for (var request = _first; request is not null; request = request.Next)
                {
                    requests.Add(request);
                }
            }
        }

        internal LiveRequest? Find(long number)
        {
            lock (_lock)
            {
                for (var request = _first; request is not null; request = request.Next)
                {
                    if (request.Number == number)
                    {
                        return request;
                    }
                }

                return null;
            }
        }
    }
}
