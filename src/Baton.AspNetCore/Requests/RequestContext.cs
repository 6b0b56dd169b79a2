using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Baton.AspNetCore;

/// <summary>The context of one request, and what ends it. A feature of the request.</summary>
/// <remarks>
/// <para>
/// Every request has one of these from its first middleware on. It takes the place of the server's own
/// lifetime feature, so <see cref="HttpContext.RequestAborted"/> is the context's token whatever the handler
/// looks like, and of the framework's feature for services, so that the request's scope knows the context.
/// </para>
/// <para>
/// A request that never asks must cost nothing. Until somebody looks at the context it is not among the
/// children of its parent and is registered nowhere, and the next request of the same connection (of the same
/// stream of HTTP/2) uses the object again: see <see cref="RecentRequests"/>. Once somebody has looked, the
/// object belongs to this request for ever, because the context may have been kept. Then the next request takes
/// over its <see cref="ResponseBody"/> alone.
/// </para>
/// <para>
/// One object for all that a request has here, because ten thousand may wait at once. A deadline is above it.
/// </para>
/// </remarks>
/*
   Arrived ──UseBaton()──► Running ──first look──► Starting ──► Started ──handler returned──► Over
      ▲                       └───handler returned───► Unseen ──first look──► Ending ───────────┘
      └──────────the next request──────────────────────┘

   Arrived    made, or taken over from an earlier request. It has no context yet: to ask for one is an error.
   Running    the handler runs, and nobody has looked.
   Starting   one thread makes the first look, and the others wait for it.
   Started    somebody has the context, and the handler runs.
   Unseen     the handler has returned, and nobody has ever looked. The next request may use the object.
   Ending     as Starting, for a context that has ended before anybody has it.
   Over       the handler has returned. Somebody has the context, which has ended or is about to.

   Every arrow out of Running and Unseen is one exchange. So a look and the end of the handler, or a late
   look and the next request, never both win: what somebody has looked at is never used for another request.
*/
[ContextCarrier]
[JsonConverter(typeof(ContextJsonConverter))]
internal sealed partial class RequestContext : ServedContext
{
    private enum Phase
    {
        Arrived,
        Running,
        Starting,
        Started,
        Unseen,
        Ending,
        Over,
    }

    /// <summary>
    /// One for all requests: an exception of its own would tell nobody more, and would be most of the cost.
    /// </summary>
    private static readonly Outcome s_completed = new(new RequestCompletedException());

    private readonly BatonServer _server;
    private HttpContext _http;

    /// <summary>What few requests have.</summary>
    private Extras? _extras;

    /// <summary>
    /// Volatile: a thread that sees a context started sees it whole.
    /// </summary>
    private volatile Phase _phase;

    /// <summary>Whether the next request of the connection can find the object already.</summary>
    private bool _isOffered;

    /// <summary>Null also once a later request has taken it over.</summary>
    private ResponseBody? _body;

    private RequestContext(BatonServer server, HttpContext http, IHttpRequestLifetimeFeature lifetime)
        : base(server.Context) => (_server, _http, _lifetime) = (server, http, lifetime);

    /// <summary>What the endpoint of the request says. Set by <see cref="Begin"/>.</summary>
    internal RequestPlan Plan { get; private set; } = null!;

    /// <summary>The response's body, which stands before the server's while the handler runs.</summary>
    internal ResponseBody Body => _body ??= new ResponseBody();

    /// <summary>Whether the request is between the two ends of <c>UseBaton()</c>.</summary>
    internal bool IsRunning => _phase is Phase.Running or Phase.Starting or Phase.Started;

    /// <summary>Whether the handler has returned.</summary>
    internal override bool IsOver => _phase is Phase.Unseen or Phase.Ending or Phase.Over;

    /// <summary>Whether the request has been through <c>UseBaton()</c>, and so has a context.</summary>
    internal bool HasContext => _phase != Phase.Arrived;

    /// <summary>
    /// The function among the options that is being asked about the request, before the request has a context.
    /// </summary>
    internal EarlyOption AskedBy { get; set; }

    /// <summary>
    /// What has the values of the request. It may have a deadline, and ends at the latest with the request.
    /// </summary>
    internal override Context ValueSource => _current ?? Parent!;

    internal override DeadlineContext? Due => Parent!.Due;

    /// <summary>
    /// Takes the object over for another request of the same connection, if it is that, and nobody has looked
    /// at it.
    /// </summary>
    /// <param name="http">The other request.</param>
    /// <param name="lifetime">The server's feature of the other request.</param>
    /// <param name="body">What the other request takes over where somebody has looked.</param>
    internal bool TryReuse(HttpContext http, IHttpRequestLifetimeFeature lifetime, ref ResponseBody? body)
    {
        if (_lifetime != lifetime)
        {
            return false;
        }

        if (_scope is not null || !TryReturn())
        {
            body = _phase == Phase.Over ? Interlocked.Exchange(ref _body, null) ?? body : body;
            return false;
        }

        (_http, _services, _extras) = (http, null, null);
        return true;
    }

    /// <summary>Remembers the object for the connection's next request, if something of it can be used again.</summary>
    internal void Offer()
    {
        if (!_isOffered && _phase is Phase.Unseen or Phase.Arrived or Phase.Over)
        {
            _isOffered = true;
            _server.Recent.Keep(this, _lifetime);
        }
    }

    /// <summary>The request comes through <c>UseBaton()</c>: from now on it has a context.</summary>
    internal void Begin(RequestPlan plan, Context parent, RequestDeadline deadline)
    {
        Plan = plan;
        Body.Renew(this);
        parent = deadline.Bound(parent);
        if (parent != Parent)
        {
            DeriveFrom(parent);
        }

        _phase = Phase.Running;
        if (!deadline.IsNone)
        {
            Watch(deadline);
        }

        if (Due is { } due)
        {
            _server.Observer.Started(_http, this, due);
        }

        if (_extras?.Aborted is { } token)
        {
            RequestAborted = token;
        }

        if (_server.Watcher is { } watcher)
        {
            BeWatched(watcher);
        }
    }

    /// <summary>
    /// The request's context: this one, or the one derived from it that middleware has put in its place.
    /// </summary>
    internal Context Look()
    {
        if (_phase is not (Phase.Started or Phase.Over))
        {
            LookFirst();
        }

        return IsDone && _phase == Phase.Started && _extras?.Revived is null ? Revive() : Current;
    }

    /// <summary>
    /// Says what a request without an endpoint at <c>UseBaton()</c> has missed, if middleware behind it routed the
    /// request after an await.
    /// </summary>
    internal void AdviseOnRouting()
    {
        if (Plan.Endpoint is null)
        {
            _server.Advice.OnUnrouted(_http, Plan);
        }
    }

    /// <summary>
    /// Says that the handler has returned, if nobody has looked by then: there is no context to end.
    /// </summary>
    internal bool TryLeaveUnseen()
    {
        if (_phase == Phase.Started || !TryLeave(Phase.Running, Phase.Unseen))
        {
            return false;
        }

        Body.Leave();
        Body.Release();
        Offer();
        return true;
    }

    /// <summary>Says that the handler has returned. The request gets the server's own token back.</summary>
    internal HttpContext Leave()
    {
        LookFirst();
        _server.Observer.Ended(_http, this);
        _extras?.Watched?.Ended();
        _phase = Phase.Over;
        Body.Leave();
        if (Plan.Timeout is not null && _http.Features[typeof(IHttpRequestTimeoutFeature)] == this)
        {
            _http.Features[typeof(IHttpRequestTimeoutFeature)] = null;
        }

        return _http;
    }

    /// <summary>Ends the context, because the handler has returned.</summary>
    internal void Complete()
    {
        // The server may keep the token for the next request of the connection.
        _disconnect.Unregister();
        EndAll(s_completed);

        // What stands between the server's context and this one was made for this request.
        for (var above = Parent; above != _server.Context; above = above!.Parent)
        {
            (above as CancelableContext)?.Dispose();
        }

        Offer();
    }

    /// <summary>
    /// The context for another run of the pipeline in the same request, which an error handler starts when
    /// the first run is over.
    /// </summary>
    /// <param name="parent">
    /// What to derive it from: it has the values of the first run, and not its end.
    /// </param>
    internal RequestContext RunAgain(out Context parent)
    {
        if (TryReturn())
        {
            parent = Parent!;
            return this;
        }

        parent = Look().WithoutCancel().WithCancel(_server.Context);
        var second = new RequestContext(_server, _http, _lifetime) { _extras = _extras?.Inherit() };
        _http.Features[typeof(IHttpRequestLifetimeFeature)] = second;
        second.TakeServices(this);
        return second;
    }

    internal override void AppendTo(StringBuilder text) => text.Append(".WithCancel");

    private protected override bool IsServed => _phase is Phase.Starting or Phase.Started;

    /// <summary>Two threads that read the token at the same time get the same object.</summary>
    private Extras Rare => _extras ?? Interlocked.CompareExchange(ref _extras, new Extras(), null) ?? _extras;

    private void LookFirst()
    {
        for (var wait = default(SpinWait); ; wait.SpinOnce())
        {
            switch (_phase)
            {
                case Phase.Arrived:
                    throw new InvalidOperationException(WhyNone());
                case Phase.Running when TryLeave(Phase.Running, Phase.Starting):
                    try
                    {
                        Start();
                    }
                    finally
                    {
                        // Whatever a server does here: no other thread must wait for ever.
                        _phase = Phase.Started;
                    }

                    return;
                case Phase.Unseen when TryLeave(Phase.Unseen, Phase.Ending):
                    // Ended before anybody has it. The parent lets go only of a child that it has.
                    Parent!.Owner?.Adopt(this);
                    Complete();
                    _phase = Phase.Over;
                    return;
                case Phase.Started or Phase.Over:
                    return;
            }
        }
    }

    /// <summary>Goes back to the start, unless somebody has looked.</summary>
    private bool TryReturn() => _phase == Phase.Arrived || TryLeave(Phase.Unseen, Phase.Arrived);

    private bool TryLeave(Phase from, Phase to) =>
        Interlocked.CompareExchange(ref _phase, to, from) == from;

    /// <summary>Makes the context live: its parent and the server's token can end it from now on.</summary>
    private void Start()
    {
        Parent!.Owner?.Adopt(this);

        // Not by HttpContext.Request: it caches its features without a lock, and this may be another thread than the
        // one that reads the request's query meanwhile.
        var protocol = _http.Features.Get<IHttpRequestFeature>()?.Protocol;
        if (protocol is not null && protocol.EndsWith('3') && HttpProtocol.IsHttp3(protocol))
        {
            Rare.ErrorCode = _http.Features.Get<IProtocolErrorCodeFeature>();
        }

        // If the client has left already this calls back at once.
        _disconnect = _lifetime.RequestAborted.UnsafeRegister(
            static state => ((RequestContext)state!).OnDisconnected(), this);
    }
}
