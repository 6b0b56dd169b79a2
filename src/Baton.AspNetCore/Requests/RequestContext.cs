using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Baton.AspNetCore;

/// <summary>The context of one request, and what ends it. A feature of the request.</summary>
/// <remarks>
/// <para>
/// While the handler runs it stands in for the server's own feature of the request's life, so that <see
/// cref="HttpContext.RequestAborted"/> is the context's token: made when somebody reads it, and not before.
/// That is also where it is found: a server has a place for that feature, and would make a list for one that
/// it does not know.
/// </para>
/// <para>
/// One object for all that a request has here, because ten thousand may wait at once. A deadline is above it.
/// </para>
/// </remarks>
[ContextCarrier]
internal sealed partial class RequestContext
    : CancelableContext, IHttpRequestLifetimeFeature, IHttpRequestTimeoutFeature
{
    /// <summary>
    /// One for all requests: nobody is told more by one of its own, and it would be most of the cost.
    /// </summary>
    private static readonly Outcome s_completed = new(new RequestCompletedException());

    /// <summary>How much earlier than its deadline a caller that keeps it may seem to leave.</summary>
    private static readonly TimeSpan s_callersJitter = TimeSpan.FromMilliseconds(10);

    private readonly IHttpRequestLifetimeFeature? _server;
    private CancellationTokenRegistration _disconnect;

    /// <summary>The request, until its handler has returned.</summary>
    private HttpContext? _http;

    /// <summary>What few requests have.</summary>
    private Extras? _extras;

    private RequestContext(
        RequestPlan plan, HttpContext http, IHttpRequestLifetimeFeature? server, Context parent)
        : base(parent, Kept)
    {
        Plan = plan;
        _http = http;
        _server = server;
        var protocol = http.Request.Protocol;
        if (protocol.EndsWith('3') && HttpProtocol.IsHttp3(protocol)
            && http.Features.Find<IProtocolErrorCodeFeature>() is { } errorCode)
        {
            _extras = new Extras { ErrorCode = errorCode };
        }
    }

    internal RequestPlan Plan { get; }

    /// <summary>Whether the handler has returned.</summary>
    internal bool IsOver => Volatile.Read(ref _http) is null;

    internal override DeadlineContext? Due => Parent!.Due;

    public CancellationToken RequestAborted
    {
        // Once it is over, the server's own token, which is still live when only the context is done.
        get => IsOver ? _server!.RequestAborted : _extras?.Aborted ?? Done;
        set
        {
            if (IsOver)
            {
                _server!.RequestAborted = value;
            }
            else
            {
                Rare.Aborted = value == Done ? null : value;
            }
        }
    }

    public CancellationToken RequestTimeoutToken
    {
        get
        {
            if (Rare.TimedOut is not { } token)
            {
                // For whoever wants to tell a timeout from other ends by a token, as ASP.NET Core has it.
                var source = new CancellationTokenSource();
                Done.UnsafeRegister(_ => CancelIfTimedOut(source), null);
                Rare.TimedOut = token = source.Token;
            }

            return token;
        }
    }

    private Extras Rare => _extras ??= new Extras();

    public void DisableTimeout() => (Parent as LiftableContext)?.Lift();

    public void Abort()
    {
        Cancel(ClientDisconnectedException.ByApplication());
        _server!.Abort();
    }

    /// <summary>The context of a request; null if nobody has asked for it yet.</summary>
    internal static RequestContext? Find(HttpContext http) =>
        http.Features[typeof(IHttpRequestLifetimeFeature)] as RequestContext;

    /// <summary>The context of a request, which starts now if nobody has asked before.</summary>
    internal static RequestContext Of(HttpContext http)
    {
        if (Find(http) is { } found)
        {
            return found;
        }

        var plan = http.Features.Find<RequestPlan>() ?? throw new InvalidOperationException(
            "A request has a context once it has come by UseBaton(): one to "
            + $"'{http.GetEndpoint()?.DisplayName ?? http.Request.Path}' has not. Call app.UseBaton() before "
            + "what uses the context.");
        var fresh = Start(http, plan, RequestDeadline.None);
        if (!RequestWatch.TryNote(http, fresh))
        {
            plan.AsksLate = true;

            // For this request, whose end the middleware does not see. Where it does, this changes nothing.
            http.Response.OnCompleted(
                static state =>
                {
                    ((RequestContext)state).Complete();
                    return Task.CompletedTask;
                },
                fresh);
        }

        return fresh;
    }

    /// <summary>Starts the context of a request.</summary>
    internal static RequestContext Start(HttpContext http, RequestPlan plan, RequestDeadline deadline)
    {
        var server = http.Features.Find<IHttpRequestLifetimeFeature>();

        // A server without the feature has one made when the token is first read.
        var aborted = server is null ? http.RequestAborted : server.RequestAborted;
        server ??= http.Features.Find<IHttpRequestLifetimeFeature>();
        var parent = deadline.Bound(plan.Server.Configure(http));
        var ctx = new RequestContext(plan, http, server, parent);
        parent.Owner?.Adopt(ctx);

        // If the client has left already this calls back at once.
        ctx._disconnect = aborted.UnsafeRegister(
            static state => ((RequestContext)state!).OnDisconnected(), ctx);
        http.Features.Put<IHttpRequestLifetimeFeature>(ctx);
        if (deadline.Timeout is not null)
        {
            http.Features.Put<IHttpRequestTimeoutFeature>(ctx);
        }

        if (deadline.Caller is not null)
        {
            http.Response.OnStarting(() => ctx.OnAnswering(http));
        }

        return ctx;
    }

    /// <summary>
    /// The context whose end made the handler throw <paramref name="thrown"/>: the request's, else one
    /// derived from it. Null if it is none of them.
    /// </summary>
    internal Context? EndedBehind(OperationCanceledException thrown)
    {
        if (IsDone)
        {
            return this;
        }

        var source = FromToken(thrown.CancellationToken);
        for (var above = source.IsDone ? source.Parent : null; above is not null; above = above.Parent)
        {
            if (above == this)
            {
                return source;
            }
        }

        return null;
    }

    /// <summary>
    /// Gives the request back the server's token and its own services: its handler has returned.
    /// </summary>
    /// <returns>The request.</returns>
    internal HttpContext Leave()
    {
        var http = _http!;
        if (Plan.Timeout is not null && http.Features.Find<IHttpRequestTimeoutFeature>() == this)
        {
            http.Features.Put<IHttpRequestTimeoutFeature>(null);
        }

        LeaveServices(http);
        Volatile.Write(ref _http, null);
        return http;
    }

    /// <summary>Makes room for the context of another run of the pipeline.</summary>
    internal void Withdraw(HttpContext http) => http.Features.Put(_server);

    /// <summary>Ends the context, because the handler has returned.</summary>
    internal void Complete()
    {
        Volatile.Write(ref _http, null);

        // The server may keep the token for the next request of the connection.
        _disconnect.Unregister();
        End(s_completed);

        // What stands between the server's context and this one was made for this request.
        for (var above = Parent; above != Plan.Server.Context; above = above!.Parent)
        {
            (above as CancelableContext)?.Dispose();
        }
    }

    internal override void AppendTo(StringBuilder text) => text.Append(".WithCancel");

    private void OnDisconnected()
    {
        if (Plan.Server.IsCut)
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
    /// Whether the client has left because of its deadline, which is noticed on either side of a connection
    /// by a timer of its own: then that is what ends the context, now or in a moment, whoever was the first.
    /// </summary>
    private bool IsCallersDeadlineDue() =>
        Due is { } due
        && due.IsPending(out var left, out var cause)
        && left <= s_callersJitter
        && cause is RequestTimeoutException { SetBy: RequestTimeoutSource.Caller };

    private void CancelIfTimedOut(CancellationTokenSource source)
    {
        if (Cause is RequestTimeoutException { SetBy: not RequestTimeoutSource.Caller })
        {
            source.Cancel();
        }
    }

    private Task OnAnswering(HttpContext http)
    {
        if (Cause is RequestTimeoutException { SetBy: RequestTimeoutSource.Caller })
        {
            AnswerWriter.MarkByCaller(http);
        }

        return Task.CompletedTask;
    }

    private sealed class Extras
    {
        internal IProtocolErrorCodeFeature? ErrorCode { get; init; }

        /// <summary>The token that somebody has put in the place of the context's.</summary>
        internal CancellationToken? Aborted { get; set; }

        internal CancellationToken? TimedOut { get; set; }

        /// <summary>The services that somebody has put in the place of these.</summary>
        internal IServiceProvider? Services { get; set; }

        /// <summary>The request's own scope, once it was needed.</summary>
        internal IServiceProvider? Scope { get; set; }
    }
}
