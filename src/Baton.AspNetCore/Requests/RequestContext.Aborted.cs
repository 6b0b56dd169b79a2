using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.AspNetCore;

/// <summary>What the request's context is now, its token, and the ends that come from outside.</summary>
internal sealed partial class RequestContext : IHttpRequestLifetimeFeature
{
    /// <summary>How much earlier than its deadline a caller that keeps it may seem to leave.</summary>
    private static readonly TimeSpan s_callersJitter = TimeSpan.FromMilliseconds(10);

    /// <summary>The server's own feature, in whose place this one is.</summary>
    private readonly IHttpRequestLifetimeFeature _lifetime;
    private CancellationTokenRegistration _disconnect;

    /// <summary>The context that middleware has put in the place of this one; null if none has.</summary>
    private Context? _current;

    /// <summary>
    /// The token of the request's context while the handler runs; before and after that, the server's own token or
    /// the one that middleware has put in its place.
    /// </summary>
    public CancellationToken RequestAborted
    {
        get => IsRunning ? Look().Done : _extras?.Aborted ?? _lifetime.RequestAborted;
        set
        {
            if (!IsRunning)
            {
                Rare.Aborted = value == _lifetime.RequestAborted ? null : value;
                return;
            }

            var ctx = Look();
            _current = !value.CanBeCanceled ? ctx.WithoutCancel()
                : TryFromToken(value, out var own) && IsAbove(own) ? own
                : Merge(ctx, value);
        }
    }

    private Context Current => _current ?? this;

    public void Abort()
    {
        if (IsRunning)
        {
            Look();
            Cancel(new RequestAbortedException());
        }

        _lifetime.Abort();
    }

    /// <summary>Puts a context in the place of this one, for whatever comes later in the pipeline.</summary>
    internal void Replace(Context value)
    {
        if (!HasContext)
        {
            throw new InvalidOperationException(NotThrough(_http));
        }

        if (!IsAbove(value))
        {
            throw new ArgumentException(
                $"'{value}' was not derived from the request's context, so the request's end would not reach it. "
                + "Derive it: http.RequestContext = http.RequestContext.WithValue(key, value).",
                nameof(value));
        }

        _current = value;
    }

    /// <summary>
    /// The context whose end made the handler leave: the request's, else one derived from it. Null if it is none of
    /// them.
    /// </summary>
    internal Context? EndedBehind(Task ran)
    {
        if (ran.IsCompletedSuccessfully)
        {
            if (IsDone)
            {
                return this;
            }

            // Middleware that derived a context with a deadline has disposed it by now. Only an end by the deadline
            // itself says that the handler ran out of time.
            return Current is { Err: DeadlineExceededException } current && IsAbove(current) ? current : null;
        }

        // An exception made of a canceled task has its token, and nobody throws it.
        var thrown = ran.IsCanceled
            ? new TaskCanceledException(ran)
            : ran.Exception!.InnerException as OperationCanceledException;
        if (thrown is null || IsDone)
        {
            return thrown is null ? null : this;
        }

        var source = FromToken(thrown.CancellationToken);
        return source.IsDone && IsAbove(source) ? source : null;
    }

    /// <summary>
    /// The server's own feature. A server without one has it made when the token is first read.
    /// </summary>
    private static IHttpRequestLifetimeFeature LifetimeOf(HttpContext http)
    {
        if (http.Features[typeof(IHttpRequestLifetimeFeature)] is IHttpRequestLifetimeFeature found)
        {
            return found;
        }

        _ = http.RequestAborted;
        return http.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
    }

    /// <summary>
    /// Whether a context is this one or was derived from it, and has not ended by a token that middleware has set:
    /// what happens then is for that middleware to say.
    /// </summary>
    private bool IsAbove(Context ctx)
    {
        for (var above = ctx; above is not null; above = above.Parent)
        {
            if (above == this)
            {
                return true;
            }

            if (above.IsDone && _extras?.Merged?.Contains(above) == true)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Derives a context that also ends by a token of other middleware.</summary>
    private CancelableContext Merge(Context ctx, CancellationToken token)
    {
        // It ends with the request. A scope of services that hands it on must not end it.
        var merged = ctx.WithCancel(token);
        merged.Keep();
        (Rare.Merged ??= []).Add(merged);
        return merged;
    }

    private void OnDisconnected()
    {
        if (_server.IsCut)
        {
            Cancel(new ServerShutdownException());
        }
        else if (!IsCallersDeadlineDue())
        {
            Cancel(ClientDisconnectedException.ByClient(
                _extras?.ErrorCode is { Error: >= 0 and var code } ? code : null));
        }
    }

    /// <summary>
    /// Whether the client has left because of its deadline. A timer of each side of a connection notices that, so
    /// the deadline is what ends the context, now or in a moment, whichever timer was first.
    /// </summary>
    private bool IsCallersDeadlineDue() =>
        Due is { } due
        && due.IsPending(out var left, out var cause)
        && left <= s_callersJitter
        && cause is RequestTimeoutException { TimeoutSource: RequestTimeoutSource.Caller };
}
