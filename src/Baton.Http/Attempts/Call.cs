namespace Baton.Http;

/// <summary>One call and the attempts that are made of it, one after another or side by side.</summary>
[ContextCarrier]
internal sealed class Call(Context ctx, Outgoing outgoing, CancellationToken token) : IDisposable
{
    internal static readonly HttpRequestOptionsKey<Call> Key = new("Baton.Call");

    private readonly CancellationTokenSource _attempts =
        CancellationTokenSource.CreateLinkedTokenSource(token, ctx.Done);
    private readonly Lock _gate = new();

    // All guarded by the gate.
    private int _begun;
    private int _running;
    private TimeSpan _took;
    private bool _isStopped;
    private bool _hasSucceeded;
    private TaskCompletionSource? _noneRuns;

    /// <summary>
    /// An <see cref="HttpRequestException"/> or a <see cref="KeptResponse"/>: how the last attempt failed.
    /// </summary>
    private object? _failure;

    /// <summary>Ends the attempts, and the waits between them.</summary>
    internal CancellationToken Token => _attempts.Token;

    /// <summary>
    /// Begins an attempt. With too little time for another one, waits for those that still run, and throws.
    /// </summary>
    /// <returns>When it began, for <see cref="EndAttempt"/>.</returns>
    internal async ValueTask<long> BeginAttemptAsync(HttpRequestMessage request, CancellationToken token)
    {
        if (TryBegin(out var earlier, out var others) is { } needed)
        {
            HttpMeter.Refused(request.RequestUri, HttpMeter.RetryTooLate);
            if (others is not null)
            {
                // A hedge: what it was to hedge may still succeed, and this one's error must not come first.
                await others.WaitAsync(token).ConfigureAwait(false);
            }

            throw new RetryRefusedException(needed);
        }

        earlier?.LetGo();
        return ctx.TimeProvider.GetTimestamp();
    }

    /// <summary>
    /// Notes that an attempt has its answer, which is on its way to whoever makes the attempts.
    /// </summary>
    internal void Succeed(long start)
    {
        lock (_gate)
        {
            _hasSucceeded = true;
        }

        EndAttempt(start, failure: null);
    }

    /// <summary>Notes how an attempt ended. If there is no time for another, there is none.</summary>
    /// <param name="start">When it began.</param>
    /// <param name="failure">
    /// An <see cref="HttpRequestException"/> or a <see cref="KeptResponse"/>; null if it succeeded or was
    /// canceled.
    /// </param>
    internal void EndAttempt(long start, object? failure)
    {
        KeptResponse? earlier;
        bool isLast;
        lock (_gate)
        {
            (earlier, _failure) = (_failure as KeptResponse, failure);
            _took = ctx.TimeProvider.GetElapsedTime(start);
            _running--;
            if (_running == 0 && !_hasSucceeded)
            {
                _noneRuns?.TrySetResult();
            }

            isLast = _running == 0 && failure is not null && !IsTimeFor(RetryDelay(failure), out _);
            _isStopped |= isLast;
        }

        earlier?.LetGo();
        if (isLast)
        {
            // Whoever makes the attempts then takes this one for the last, and does not wait for nothing.
            _attempts.Cancel();
        }
    }

    /// <summary>
    /// Whether the last attempt has failed, and no other was running when the time was up or was found too
    /// short.
    /// </summary>
    internal bool EndedBetweenAttempts(Exception e)
    {
        lock (_gate)
        {
            return e is RetryRefusedException
                || (e is OperationCanceledException && _failure is not null
                    && (_isStopped || ctx.Err is DeadlineExceededException));
        }
    }

    /// <summary>
    /// Whether this is how the last attempt failed: the caller is to see it, whatever came after.
    /// </summary>
    internal bool IsFailure(Exception e)
    {
        lock (_gate)
        {
            return e == _failure;
        }
    }

    /// <summary>Throws how the last attempt failed, or returns the response that says so.</summary>
    /// <param name="request">The request that the caller made.</param>
    /// <param name="end">What ended the attempts: thrown if none of them has failed.</param>
    internal HttpResponseMessage LastFailure(HttpRequestMessage request, Exception end)
    {
        object? failure;
        lock (_gate)
        {
            failure = _failure;
        }

        return failure switch
        {
            HttpResponseMessage response => response,
            Exception e => throw HttpErrors.Final(request, e),
            _ when end is RetryRefusedException refused => throw Outgoing.Insufficient(ctx, refused.Needed),
            _ => throw HttpErrors.Same(end),
        };
    }

    /// <summary>Hands over the answer of the call to whoever made it.</summary>
    internal HttpResponseMessage Returned(HttpResponseMessage response)
    {
        lock (_gate)
        {
            if (_failure == response)
            {
                _failure = null;
            }
        }

        return response is KeptResponse kept ? kept.HandOver() : response;
    }

    public void Dispose()
    {
        KeptResponse? left;
        lock (_gate)
        {
            left = _failure as KeptResponse;
            _failure = null;
        }

        left?.LetGo();
        _attempts.Dispose();
    }

    /// <summary>Begins an attempt if there is time.</summary>
    /// <param name="earlier">If so: how the one before it failed, which is no longer wanted.</param>
    /// <param name="others">
    /// If not: completes when all that run have failed; null if none does, and none has succeeded.
    /// </param>
    /// <returns>Null if it has begun; else what it would have needed.</returns>
    private TimeSpan? TryBegin(out KeptResponse? earlier, out Task? others)
    {
        lock (_gate)
        {
            (earlier, others) = (null, null);
            if (_begun == 0 || IsTimeFor(TimeSpan.Zero, out var needed))
            {
                _begun++;
                _running++;
                (earlier, _failure) = (_failure as KeptResponse, null);
                return null;
            }

            if (_running > 0 || _hasSucceeded)
            {
                // After a success it never completes: the answer may be a few instructions away from whoever
                // makes the attempts, and a refusal must not overtake it. The token ends the wait, when that
                // one has it.
                _noneRuns ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                others = _noneRuns.Task;
            }

            return needed;
        }
    }

    /// <summary>Whether another attempt, after a while, has the time that the last one took.</summary>
    private bool IsTimeFor(TimeSpan delay, out TimeSpan needed)
    {
        needed = Outgoing.Sum(delay, _took > outgoing.Least ? _took : outgoing.Least);
        var remaining = ctx.Remaining;
        return remaining == Timeout.InfiniteTimeSpan
            || (remaining >= needed && outgoing.IsEnough(remaining - delay));
    }

    /// <summary>How long a service asks its callers to stay away.</summary>
    private TimeSpan RetryDelay(object failure)
    {
        if (failure is not KeptResponse { Headers.RetryAfter: { } after })
        {
            return TimeSpan.Zero;
        }

        var delay = after.Delta ?? after.Date - ctx.TimeProvider.GetUtcNow() ?? TimeSpan.Zero;
        return delay > TimeSpan.Zero ? delay : TimeSpan.Zero;
    }
}
