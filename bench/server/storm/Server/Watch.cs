using System.Collections.Concurrent;

namespace Baton.Storm;

/// <summary>Keeps an eye on what an application has, and on what goes wrong in it.</summary>
internal sealed class Watch : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<WeakReference> _contexts = [];
    private readonly CancelableContext _base = Context.Background.WithCancel();
    private volatile CancelableContext? _server;
    private int _handlers;
    private int _errors;

    internal Watch() =>
        TaskScheduler.UnobservedTaskException += (_, thrown) => Count(thrown.Exception.Message);

    internal Context BaseContext => _base;

    /// <summary>Runs the rest of the pipeline, and keeps an eye on the request's context.</summary>
    internal async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        Interlocked.Increment(ref _handlers);
        try
        {
            var ctx = http.RequestContext;
            _server ??= ServerContext(ctx);
            _contexts.Enqueue(new WeakReference(ctx));
            await next(http);
        }
        finally
        {
            Interlocked.Decrement(ref _handlers);
        }
    }

    internal Leftovers Look()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return new Leftovers(
            Volatile.Read(ref _handlers),
            _server?.ChildCount ?? 0,
            _base.CallbackCount + (_server?.CallbackCount ?? 0),
            DeadlineQueue.System.Count,
            TakeLive(),
            CountSockets(),
            Timer.ActiveCount,
            StripeSet.Count,
            Volatile.Read(ref _errors),
            GC.GetTotalMemory(forceFullCollection: false));
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Count($"{formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }

    /// <summary>What all requests derive from, itself derived from the base context.</summary>
    private CancelableContext ServerContext(Context ctx)
    {
        while (ctx.Parent is { } parent && parent != _base)
        {
            ctx = parent;
        }

        return (CancelableContext)ctx;
    }

    private static int CountSockets() => new DirectoryInfo("/proc/self/fd") is { Exists: true } files
        ? files.EnumerateFileSystemInfos().Count(static file =>
            file.LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true)
        : 0;

    // What is gone need not be looked at again.
    private int TakeLive()
    {
        var live = new List<WeakReference>();
        while (_contexts.TryDequeue(out var one))
        {
            if (one.IsAlive)
            {
                live.Add(one);
            }
        }

        live.ForEach(_contexts.Enqueue);
        return live.Count;
    }

    private void Count(string error)
    {
        if (Interlocked.Increment(ref _errors) <= 5)
        {
            Console.Error.WriteLine(error);
        }
    }
}
