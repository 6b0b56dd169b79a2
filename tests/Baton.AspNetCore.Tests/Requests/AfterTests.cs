using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Baton.AspNetCore.Tests;

/// <summary>Who asks for a request's context when the request is over gets one that has ended.</summary>
[Collection(nameof(Alone))]
public sealed class AfterTests
{
    private const int Requests = 200;

    private readonly ConcurrentQueue<WeakReference<Context>> _asked = [];
    private readonly ConcurrentQueue<string> _wrong = [];

    public static TheoryData<string, bool> Askers
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var asker in new[] { "outer middleware", "OnCompleted", "log", "diagnostics", "Dispose", "accessor" })
            {
                data.Add(asker, false);
                data.Add(asker, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Askers))]
    public async Task It_has_ended_and_is_not_held(string asker, bool hasLooked)
    {
        using var subscription = asker == "diagnostics" ? Subscribe() : null;
        await using (var server = await Server.StartBareAsync(
            app =>
            {
                app.Use(async (http, next) =>
                {
                    if (asker == "OnCompleted")
                    {
                        http.Response.OnCompleted(() =>
                        {
                            Ask(http.RequestContext);
                            return Task.CompletedTask;
                        });
                    }

                    await next(http);
                    if (asker == "outer middleware")
                    {
                        Ask(http.RequestContext);
                    }
                });
                app.UseBaton();
                app.MapGet("/", async (HttpContext http) =>
                {
                    if (asker == "Dispose")
                    {
                        http.RequestServices.GetRequiredService<Asks>().OnDispose = () => Ask(http.RequestContext);
                    }

                    if (hasLooked)
                    {
                        _ = http.RequestAborted;
                    }

                    await Task.Yield();
                    await http.Response.WriteAsync("hello", CancellationToken.None);
                });
            },
            builder =>
            {
                builder.Services.AddScoped<Asks>();
                builder.Services.AddHttpContextAccessor();
                if (asker is "log" or "accessor")
                {
                    builder.Services.AddSingleton<ILoggerProvider>(services => new AskingLogger(services, this, asker));
                    builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting", LogLevel.Information);
                }
            }))
        {
            for (var i = 0; i < Requests; i++)
            {
                Assert.Equal("hello", await server.Client.GetStringAsync("/"));
            }

            await WaitFor.True(() => _asked.Count >= Requests);
            Assert.Empty(_wrong);
            await WaitFor.True(FewAreHeld);
        }
    }

    private void Ask(Context? ctx)
    {
        if (ctx is null || ctx.Cause is not RequestCompletedException)
        {
            _wrong.Enqueue(ctx?.Cause?.ToString() ?? "live");
        }

        _asked.Enqueue(new WeakReference<Context>(ctx!));
    }

    private Subscription Subscribe() => new(this);

    /// <summary>The connection may hold that of its last request.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FewAreHeld()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return _asked.Count(static asked => asked.TryGetTarget(out _)) <= 1;
    }

    private sealed class Asks : IDisposable
    {
        internal Action? OnDispose { get; set; }

        public void Dispose() => OnDispose?.Invoke();
    }

    /// <summary>As an enricher of logs does at "Request finished".</summary>
    private sealed class AskingLogger(IServiceProvider services, AfterTests tests, string asker)
        : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception).StartsWith("Request finished", StringComparison.Ordinal))
            {
                tests.Ask(asker == "log"
                    ? services.GetRequiredService<IHttpContextAccessor>().HttpContext!.RequestContext
                    : services.GetRequiredService<IContextAccessor>().Current);
            }
        }
    }

    /// <summary>As an enricher of traces does.</summary>
    private sealed class Subscription
        : IDisposable, IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        private readonly AfterTests _tests;
        private readonly List<IDisposable> _held = [];

        internal Subscription(AfterTests tests)
        {
            _tests = tests;
            _held.Add(DiagnosticListener.AllListeners.Subscribe(this));
        }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.AspNetCore")
            {
                _held.Add(value.Subscribe(this));
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "Microsoft.AspNetCore.Hosting.HttpRequestIn.Stop", Value: HttpContext http })
            {
                _tests.Ask(http.RequestContext);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose() => _held.ForEach(static held => held.Dispose());
    }
}
