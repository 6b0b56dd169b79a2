using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Baton.AspNetCore;

/// <summary>The context of one request and what ends it. A feature of the request.</summary>
/// <remarks>
/// While it lasts it stands in for the server's own feature of the request's life, so that <see
/// cref="HttpContext.RequestAborted"/> is the context's token: made when somebody reads it, and not before.
/// </remarks>
[ContextCarrier]
internal sealed partial class RequestLifetime : IHttpRequestLifetimeFeature, IHttpRequestTimeoutFeature
{
    /// <summary>
    /// One for all requests: nobody is told more by one of its own, and it would be most of the cost.
    /// </summary>
    private static readonly Outcome s_completed = new(new RequestCompletedException());

    /// <summary>How much earlier than its deadline a caller that keeps it may seem to leave.</summary>
    private static readonly TimeSpan s_callersJitter = TimeSpan.FromMilliseconds(10);

    private readonly CancelableContext? _context;
    private readonly IHttpRequestLifetimeFeature? _server;
    private readonly IProtocolErrorCodeFeature? _errorCode;
    private CancellationTokenRegistration _disconnect;
    private CancellationToken? _replaced;
    private CancellationToken? _timedOut;
    private volatile bool _isOver;

    /// <summary>A mark.</summary>
    internal RequestLifetime(RequestPlan plan) => Plan = plan;

    private RequestLifetime(RequestPlan plan, HttpContext http, CancelableContext context)
    {
        Plan = plan;
        _context = context;
        context.Keep();
        _server = http.Features.Get<IHttpRequestLifetimeFeature>();
        _errorCode = HttpProtocol.IsHttp3(http.Request.Protocol) ? http.Features.Get<IProtocolErrorCodeFeature>() : null;
    }

    internal RequestPlan Plan { get; }

    internal Context Context => _context!;

    /// <summary>Whether it is only a mark, of a request that may ask for its context and has not.</summary>
    internal bool IsMark => _context is null;

    /// <summary>Whether the handler has returned.</summary>
    internal bool IsOver => _isOver;

    public CancellationToken RequestAborted
    {
        get => _replaced ?? Context.Done;
        set => _replaced = value == Context.Done ? null : value;
    }

    public CancellationToken RequestTimeoutToken
    {
        get
        {
            if (_timedOut is not { } token)
            {
                // For whoever wants to tell a timeout from other ends by a token, as ASP.NET Core has it.
                var source = new CancellationTokenSource();
                Context.Done.UnsafeRegister(_ => CancelIfTimedOut(source), null);
                _timedOut = token = source.Token;
            }

            return token;
        }
    }

    public void DisableTimeout() => (_context as LiftableContext)?.Lift();

    public void Abort()
    {
        _context!.Cancel(ClientDisconnectedException.ByApplication());
        _server!.Abort();
    }

    /// <summary>The lifetime of a request, which starts now if nobody has asked before.</summary>
    internal static RequestLifetime Of(HttpContext http)
    {
        var found = http.Features.Get<RequestLifetime>() ?? throw new InvalidOperationException(
            "A request has a context once it has come by UseBaton(). Call app.UseBaton() before what uses the context.");
        if (!found.IsMark)
        {
            return found;
        }

        var fresh = Start(http, found.Plan, RequestDeadline.None);
        if (!RequestWatch.TryNote(http, fresh))
        {
            found.Plan.AsksLate = true;

            // For this request, whose end the middleware does not see. Where it does, this changes nothing.
            http.Response.OnCompleted(
                static state =>
                {
                    ((RequestLifetime)state).Complete();
                    return Task.CompletedTask;
                },
                fresh);
        }

        return fresh;
    }

    /// <summary>Starts the lifetime of a request.</summary>
    internal static RequestLifetime Start(HttpContext http, RequestPlan plan, RequestDeadline deadline)
    {
        // First: a server may make the feature for it when it is first read.
        var aborted = http.RequestAborted;
        var lifetime = new RequestLifetime(plan, http, deadline.Derive(plan.Server.Configure(http)));
        http.Features.Set(lifetime);

        // If the client has left already this calls back at once.
        lifetime._disconnect = aborted.UnsafeRegister(
            static state => ((RequestLifetime)state!).OnDisconnected(), lifetime);
        http.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        if (deadline.Timeout is not null)
        {
            http.Features.Set<IHttpRequestTimeoutFeature>(lifetime);
        }

        if (deadline.Caller is not null)
        {
            http.Response.OnStarting(() => lifetime.OnAnswering(http));
        }

        return lifetime;
    }

    /// <summary>
    /// The context whose end made the handler throw <paramref name="thrown"/>: the request's, else one
    /// derived from it. Null if it is none of them.
    /// </summary>
    internal Context? EndedBehind(OperationCanceledException thrown)
    {
        if (Context.IsDone)
        {
            return Context;
        }

        var source = Context.FromToken(thrown.CancellationToken);
        for (var above = source.IsDone ? source.Parent : null; above is not null; above = above.Parent)
        {
            if (above == _context)
            {
                return source;
            }
        }

        return null;
    }

    /// <summary>
    /// Gives the request back the server's own token, which is still live when only the context is done.
    /// </summary>
    internal void Leave(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestLifetimeFeature>() == this)
        {
            http.Features.Set(_server);
        }

        if (http.Features.Get<IHttpRequestTimeoutFeature>() == this)
        {
            http.Features.Set<IHttpRequestTimeoutFeature>(null);
        }

        LeaveServices(http);
    }

    /// <summary>Ends the context, because the handler has returned.</summary>
    internal void Complete()
    {
        _isOver = true;

        // The server may keep the token for the next request of the connection.
        _disconnect.Unregister();
        _context!.End(s_completed);

        // What stands between the server's context and this one was made for this request.
        for (var above = _context.Parent; above != Plan.Server.Context; above = above!.Parent)
        {
            (above as CancelableContext)?.Dispose();
        }
    }

    private void OnDisconnected()
    {
        if (Plan.Server.IsCut)
        {
            _context!.Cancel(new ServerShutdownException());
        }
        else if (!IsCallersDeadlineDue())
        {
            _context!.Cancel(ClientDisconnectedException.ByClient(_errorCode is { Error: >= 0 and var code } ? code : null));
        }
    }

    /// <summary>
    /// Whether the client has left because of its deadline, which is noticed on either side of a connection
    /// by a timer of its own: then that is what ends the context, now or in a moment, whoever was the first.
    /// </summary>
    private bool IsCallersDeadlineDue() =>
        _context!.Due is { } due
        && due.IsPending(out var left, out var cause)
        && left <= s_callersJitter
        && cause is RequestTimeoutException { SetBy: RequestTimeoutSource.Caller };

    private void CancelIfTimedOut(CancellationTokenSource source)
    {
        if (Context.Cause is RequestTimeoutException { SetBy: not RequestTimeoutSource.Caller })
        {
            source.Cancel();
        }
    }

    private Task OnAnswering(HttpContext http)
    {
        if (Context.Cause is RequestTimeoutException { SetBy: RequestTimeoutSource.Caller })
        {
            AnswerWriter.MarkByCaller(http);
        }

        return Task.CompletedTask;
    }
}
