using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Baton.AspNetCore;

/// <summary>
/// What all requests of an application share: their parent, and the parts that do something for each of them.
/// One for each application.
/// </summary>
internal sealed class BatonServer : IDisposable
{
    private readonly CancelableContext _context;

    /// <summary>
    /// Volatile: a request that sees a watcher sees it whole. Each request reads this once, and does nothing more
    /// while it is null.
    /// </summary>
    private volatile RequestWatcher? _watcher;

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
        Logger = loggers.CreateLogger(Log.Category);
        Scopes = scopes;
        _context = Options.BaseContext.WithCancel();
        Edge = new RequestEdge(this, propagation);
        Plans = new RequestPlans(this, timeouts);
        Deadlines = new RequestDeadlines(callers);
        Responder = new Responder(this);
        Observer = new RequestObserver(this, meters);
        Advice = new PipelineAdvice(this);
    }

    internal BatonOptions Options { get; }

    internal ILogger Logger { get; }

    /// <summary>Makes the scopes of requests.</summary>
    internal IServiceScopeFactory Scopes { get; }

    internal RequestEdge Edge { get; }

    internal RequestPlans Plans { get; }

    internal RequestDeadlines Deadlines { get; }

    internal RecentRequests Recent { get; } = new();

    internal Responder Responder { get; }

    internal RequestObserver Observer { get; }

    internal StopState Stop { get; } = new();

    internal PipelineAdvice Advice { get; }

    /// <summary>
    /// Parent of all requests' contexts, and derived from <see cref="BatonOptions.BaseContext"/>.
    /// </summary>
    internal Context Context => _context;

    /// <summary>Who is told of each request that begins. Null, unless somebody looks at the requests now.</summary>
    internal RequestWatcher? Watcher
    {
        get => _watcher;
        set => _watcher = value;
    }

    /// <summary>
    /// What has to hold for the application to start. Run when its pipeline and its endpoints are complete; an exception
    /// keeps it from starting.
    /// </summary>
    internal List<Action> StartChecks { get; } = [];

    /// <summary>Whether contexts of requests or of connections are live.</summary>
    internal bool HasRequests => _context.ChildCount > 0;

    /// <summary>Ends every request, running and still to come, with <paramref name="cause"/>.</summary>
    internal void End(Exception cause) => _context.Cancel(cause);

    /// <summary>
    /// Ends the requests that a server has left behind, and lets go of the base context, which may outlive
    /// the application.
    /// </summary>
    public void Dispose()
    {
        Plans.Dispose();
        if (!_context.IsDone && HasRequests)
        {
            // The application is disposed without having been stopped, or its server has left requests behind.
            Log.ShutdownGraceOver(Logger);
        }

        End(new ServerShutdownException());
        _context.Dispose();
        Stop.Dispose();
    }
}
