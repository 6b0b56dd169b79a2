using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Baton.AspNetCore;

/// <summary>What all requests of an application share. One for each application.</summary>
internal sealed class BatonServer : IDisposable
{
    private readonly CancelableContext _context;
    private readonly IDisposable? _changes;
    private readonly ContextPropagation? _propagation;
    private Plans _plans;

    /// <summary>On nothing of the application's, so that only a stop ends it.</summary>
    private readonly CancelableContext _stopping = Context.Background.WithCancel();

    /// <summary>
    /// Canceled before the server breaks the connections that are left. Written once, when stopping.
    /// </summary>
    private CancellationToken _hostLimit;

    public BatonServer(
        IOptions<BatonOptions> options,
        IOptionsMonitor<RequestTimeoutOptions> timeouts,
        CallerTimeoutReader callers,
        ILoggerFactory loggers,
        IMeterFactory meters,
        IServiceScopeFactory scopes,
        ContextPropagation? propagation = null)
    {
        Options = options.Value;
        Options.Validate();
        Callers = callers;
        Logger = loggers.CreateLogger(Log.Category);
        Scopes = scopes;
        _propagation = propagation;
        Responder = new Responder(this);
        Observer = new RequestObserver(this, meters);
        _context = Options.BaseContext.WithCancel();
        _plans = new Plans(this, timeouts.CurrentValue);
        _changes = timeouts.OnChange(changed => Volatile.Write(ref _plans, new Plans(this, changed)));
    }

    internal BatonOptions Options { get; }

    internal CallerTimeoutReader Callers { get; }

    internal ILogger Logger { get; }

    /// <summary>Makes the scopes of requests.</summary>
    internal IServiceScopeFactory Scopes { get; }

    internal RecentRequests Recent { get; } = new();

    internal Responder Responder { get; }

    internal RequestObserver Observer { get; }

    /// <summary>
    /// Parent of all requests' contexts, and derived from <see cref="BatonOptions.BaseContext"/>.
    /// </summary>
    internal Context Context => _context;

    /// <summary>Whether contexts of requests or of connections are live.</summary>
    internal bool HasRequests => _context.ChildCount > 0;

    /// <summary>Whether requests are not timed out, because somebody may be looking at one.</summary>
    internal bool IsDebugged => IsDebuggedForTests || Debugger.IsAttached;

    internal bool IsDebuggedForTests { get; set; }

    /// <summary>Canceled when the application is asked to stop.</summary>
    internal Context Stopping => _stopping;

    /// <summary>
    /// Whether the host's time to stop is over: then it is the server that breaks connections.
    /// </summary>
    internal bool IsCut => _hostLimit.IsCancellationRequested;

    /// <summary>
    /// Says that the application is asked to stop. Callbacks on the token run on the thread pool.
    /// </summary>
    internal void Stop() => _stopping.Cancel();

    /// <summary>Notes the token with which the host cuts its own stopping short.</summary>
    internal void LimitShutdown(CancellationToken hostLimit) => _hostLimit = hostLimit;

    /// <summary>Ends every request, running and still to come, with <paramref name="cause"/>.</summary>
    internal void End(Exception cause) => _context.Cancel(cause);

    /// <summary>
    /// What a request's context is derived from: the server's, with the caller's values and the
    /// application's.
    /// </summary>
    internal Context Configure(HttpContext http)
    {
        var ctx = CallerValues.Read(_propagation, Context, http);
        if (Options.ConfigureContext is not { } configure)
        {
            return ctx;
        }

        try
        {
            var configured = configure(http, ctx);
            for (var above = configured; above is not null; above = above.Parent)
            {
                if (above == Context)
                {
                    return configured;
                }
            }

            throw new InvalidOperationException(
                "ConfigureContext returns the context that it is given, or one derived from it, not "
                + $"{configured?.ToString() ?? "null"}.");
        }
        catch (Exception e)
        {
            Log.ConfigureContextFailed(Logger, e);
            return ctx;
        }
    }

    internal RequestPlan PlanOf(Endpoint? endpoint) => Volatile.Read(ref _plans).Of(endpoint);

    /// <summary>
    /// Ends the requests that a server has left behind, and lets go of the base context, which may outlive
    /// the application.
    /// </summary>
    public void Dispose()
    {
        _changes?.Dispose();
        End(new ServerShutdownException());
        _context.Dispose();
        _stopping.Dispose();
    }

    /// <summary>The plans made so far under one state of the options.</summary>
    private sealed class Plans(BatonServer server, RequestTimeoutOptions timeouts)
    {
        private readonly RequestPlan _default = PlanReader.Read(server, endpoint: null, timeouts);

        // By identity, and an endpoint that is replaced takes its plan along.
        private readonly ConditionalWeakTable<Endpoint, RequestPlan> _byEndpoint = [];

        /// <summary>
        /// The latest of them, by a part of the endpoint's hash: found in half the time, and not to be many.
        /// </summary>
        private readonly RequestPlan?[] _quick = new RequestPlan?[64];

        internal RequestPlan Of(Endpoint? endpoint)
        {
            if (endpoint is null)
            {
                return _default;
            }

            ref var quick = ref _quick[RuntimeHelpers.GetHashCode(endpoint) & (_quick.Length - 1)];
            return quick is { } plan && plan.Endpoint == endpoint ? plan : quick = Find(endpoint);
        }

        private RequestPlan Find(Endpoint endpoint) => _byEndpoint.TryGetValue(endpoint, out var plan)
            ? plan
            : _byEndpoint.GetValue(endpoint, known => PlanReader.Read(server, known, timeouts));
    }
}
