using Microsoft.AspNetCore.Diagnostics;
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
    /// The token of the request's context while the handler runs; before and after that, the server's own
    /// token or the one that middleware has put in its place.
    /// </summary>
    public CancellationToken RequestAborted
    {
        get => !IsRunning ? _extras?.Aborted ?? _lifetime.RequestAborted
            : Look() is var ctx && ctx == this ? Done
            : TokenOf(ctx);
        set
        {
            _server.Advice.OnTokenSet(_http);
            if (!IsRunning)
            {
                Rare.Aborted = value == _lifetime.RequestAborted ? null : value;
                return;
            }

            _current = With(Look(), _extras?.Carrier, value);
        }
    }

    /// <summary>Whether the request's time is over: the client may get no response of the handler's.</summary>
    internal bool HasEnded => EndedContext is not null;

    /// <summary>The server's own token, which is canceled when the connection, or the stream, has broken.</summary>
    internal CancellationToken ServerAborted => _lifetime.RequestAborted;

    private Context Current => _current ?? this;

    public void Abort()
    {
        if (IsRunning)
        {
            Look();
            if (IsForResponder())
            {
                return;
            }

            // ASP.NET Core aborts the request of a web socket whose client has left.
            EndAll(new Outcome(EndedContext is { } ended ? ended.Cause!
                : _extras?.Upgrade is { HasClientLeft: true } ? ClientDisconnectedException.ByClient(errorCode: null)
                : new RequestAbortedException()));
            if (_extras is { Outer: { } outer } extras)
            {
                // It comes back here if it passes the call on.
                extras.Outer = null;
                outer.Abort();
                return;
            }
        }

        _lifetime.Abort();
    }

    /// <summary>
    /// Whether the client is still to get a response, because the context has ended and nothing was sent.
    /// </summary>
    /// <remarks>
    /// ASP.NET Core aborts a request when its token cancels the reading of a form or the sending of a stream,
    /// for it knows only clients that leave.
    /// </remarks>
    private bool IsForResponder()
    {
        if (EndedContext is not { Cause: not (ClientDisconnectedException or RequestAbortedException) }
            || Body.HasPassed || _http.Response.HasStarted)
        {
            return false;
        }

        Body.NoteCanceled();
        return true;
    }

    /// <summary>
    /// The context whose end made the handler leave: the request's, else one derived from it. Null if it is
    /// none of them.
    /// </summary>
    internal Context? EndedBehind(Task ran)
    {
        if (ran.IsCompletedSuccessfully)
        {
            return EndedContext;
        }

        // An exception made of a canceled task has its token, and nobody throws it.
        var thrown = ran.IsCanceled ? new TaskCanceledException(ran)
            : Errors.FirstOf(ran) is null ? (OperationCanceledException)ran.Exception!.InnerException!
            : null;
        if (thrown is null || EndedContext is not null)
        {
            return thrown is null ? null : EndedContext;
        }

        // Only a deadline further down says that the time is up. A context further down that was canceled is the
        // application's own, as a group is whose task failed: a response of Baton's would hide the failure.
        var source = FromToken(thrown.CancellationToken);
        return source is { IsDone: true, Err: DeadlineExceededException } && HasEndedByItself(source) ? source : null;
    }

    /// <summary>
    /// What has ended of the request: its own context, else the one that middleware has derived. Null if neither
    /// has.
    /// </summary>
    /// <remarks>
    /// Middleware that derived a context with a deadline disposes it, so of such a context only an end by the
    /// deadline itself says that the time is up.
    /// </remarks>
    internal override Context? EndedContext => IsDone ? this
        : _current is { Err: DeadlineExceededException } derived && HasEndedByItself(derived) ? derived
        : null;

    /// <summary>
    /// Whether a context that is done is part of this request, and has not ended by a token that middleware has
    /// set: what happens then is for that middleware to say.
    /// </summary>
    private bool HasEndedByItself(Context ctx) => IsAbove(ctx, out var isByToken) && !isByToken;

    /// <summary>Whether a context is this one, or was derived from it.</summary>
    /// <param name="ctx">The context.</param>
    /// <param name="isByToken">Whether a token that middleware has set has ended it.</param>
    private bool IsAbove(Context ctx, out bool isByToken)
    {
        isByToken = false;
        for (var above = ctx; above is not null; above = above.Parent)
        {
            if (above == this)
            {
                return true;
            }

            isByToken |= above.IsDone && _extras?.Merged?.Contains(above) == true;
        }

        return false;
    }

    /// <summary>
    /// A token from which <see cref="Context.FromToken"/> comes to the values as well.
    /// </summary>
    private CancellationToken TokenOf(Context ctx)
    {
        var carrier = CarrierOf(ctx, _extras?.Carrier);
        if (carrier != ctx)
        {
            Rare.Carrier = carrier;
        }

        return carrier.Done;
    }

    /// <summary>
    /// Gives an error page that runs within a request whose context has ended a live one with its values.
    /// </summary>
    private Context Revive()
    {
        if (Cause is ClientDisconnectedException or RequestAbortedException
            || (_http.Features[typeof(IExceptionHandlerFeature)] is null
                && _http.Features[typeof(IStatusCodeReExecuteFeature)] is null))
        {
            return Current;
        }

        var revived = Current.WithoutCancel().WithCancel(_server.Context);
        revived.Keep();
        Rare.Revived = revived;
        _current = revived;
        return revived;
    }

    private void OnDisconnected()
    {
        if (_server.Stop.IsCut)
        {
            EndAll(new Outcome(new ServerShutdownException()));
        }
        else if (!IsCallersDeadlineDue())
        {
            EndAll(new Outcome(ClientDisconnectedException.ByClient(
                _extras?.ErrorCode is { Error: >= 0 and var code } ? code : null)));
        }
    }

    /// <summary>Ends the context, and that of an error page.</summary>
    private void EndAll(Outcome outcome)
    {
        End(outcome);
        _extras?.Revived?.End(outcome);
    }

    /// <summary>
    /// Whether the client has left because of its deadline. A timer of each side of a connection notices
    /// that, so the deadline is what ends the context, now or in a moment, whichever timer was first.
    /// </summary>
    private bool IsCallersDeadlineDue() =>
        Due is { } due
        && due.IsPending(out var left, out var cause)
        && left <= s_callersJitter
        && cause is RequestTimeoutException { TimeoutSource: RequestTimeoutSource.Caller };
}
