using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging;

namespace Baton.AspNetCore.Tests;

/// <summary>
/// Many requests of many users over connections that are used again and again, with a log enricher that asks
/// for the context at the end of each request and hubs that poll beside them.
/// </summary>
[Collection(nameof(Alone))]
public sealed class ManyRequestsTests
{
    private const int Connections = 8;
    private const int Hubs = 4;

    private static readonly ContextKey<string> s_edge = new("edge"), s_added = new("added");

    /// <summary>5,000 by default. BATON_REQUESTS sets another number.</summary>
    private static readonly int s_requests = int.Parse(
        Environment.GetEnvironmentVariable("BATON_REQUESTS") ?? "5000", CultureInfo.InvariantCulture);

    private readonly ConcurrentQueue<WeakReference<Context>> _asked = [];
    private readonly ConcurrentQueue<string> _wrong = [];

    [Fact]
    public async Task None_sees_the_context_of_another_and_none_is_held_when_they_are_over()
    {
        await using var server = await StartAsync();
        using var over = new CancellationTokenSource();
        var hubs = Enumerable.Range(0, Hubs).Select(number => CallHubAsync(server, number, over.Token)).ToArray();

        var left = s_requests;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async connection =>
        {
            // One handler for each, so that each has a connection of its own.
            using var client = new HttpClient { BaseAddress = server.Client.BaseAddress };
            for (int number; (number = Interlocked.Decrement(ref left)) >= 0;)
            {
                var path = Shapes.All[number % Shapes.All.Length];
                var user = $"{connection}.{number}";
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Add("x-user", user);
                using var response = await client.SendAsync(request);
                Check(user, (await response.Content.ReadAsStringAsync()).TrimEnd(), path);
            }
        }));
        await over.CancelAsync();
        await WaitFor.Completion(Task.WhenAll(hubs));

        await WaitFor.True(() => _asked.Count >= s_requests);
        Assert.Empty(_wrong.Take(5));
        await WaitFor.True(FewAreHeld);
    }

    private Task<Server> StartAsync() => Server.StartAsync(
        app =>
        {
            app.Use(static (http, next) =>
            {
                http.RequestContext = http.RequestContext.WithValue(s_added, UserOf(http));
                return next(http);
            });
            app.MapHub<WhoHub>("/hub");
            Shapes.Map(app);
        },
        builder =>
        {
            Shapes.AddTo(builder, static async (ctx, http) =>
            {
                if (ctx.GetHashCode() % 2 == 0)
                {
                    await Task.Yield();
                }

                return ctx.IsDone ? ctx.Cause!.ToString() : $"{ctx.Value(s_edge)}|{ctx.Value(s_added)}|{UserOf(http)}";
            });
            builder.Services.AddSignalR();
            builder.Services.AddHttpContextAccessor();
            builder.Services.AddBaton(static options => options.ConfigureContext = static (http, ctx) =>
                ctx.WithValue(s_edge, UserOf(http)));
            builder.Services.AddSingleton<ILoggerProvider>(services => new Enricher(services, this));
            builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting", LogLevel.Information);
        });

    private async Task CallHubAsync(Server server, int number, CancellationToken over)
    {
        var user = $"hub {number}";
        var transport = number % 2 == 0 ? HttpTransportType.LongPolling : HttpTransportType.ServerSentEvents;
        await using var client = new HubConnectionBuilder().WithUrl(
            new Uri(server.Client.BaseAddress!, "/hub"), transport,
            options => options.Headers["x-user"] = user).Build();
        await client.StartAsync(TestContext.Current.CancellationToken);
        while (!over.IsCancellationRequested)
        {
            Check(user, await client.InvokeAsync<string>("Who", CancellationToken.None), "hub");
        }
    }

    private void Check(string user, string seen, string where)
    {
        // Two values of the context, and the header of the request that the handler has.
        if (seen != $"{user}|{user}|{user}")
        {
            _wrong.Enqueue($"{where}: {user} saw {seen}");
        }
    }

    private void Ask(HttpContext http)
    {
        var ctx = http.RequestContext;
        if (!ctx.IsDone || ctx.Value(s_edge) != UserOf(http))
        {
            _wrong.Enqueue($"at the end of {http.Request.Path}: {ctx.Value(s_edge)}, done: {ctx.IsDone}");
        }

        _asked.Enqueue(new WeakReference<Context>(ctx));
    }

    private static string UserOf(HttpContext http) => http.Request.Headers["x-user"].ToString();

    /// <summary>Each connection may hold the context of its last request.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FewAreHeld()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return !_asked.Any(static asked => asked.TryGetTarget(out var ctx) && !ctx.IsDone)
            && _asked.Count(static asked => asked.TryGetTarget(out _)) <= Connections + (4 * Hubs);
    }

    public sealed class WhoHub : Hub
    {
        public string Who(Context ctx) =>
            $"{ctx.Value(s_edge)}|{ctx.Value(s_added)}|{Context.GetHttpContext()!.Request.Headers["x-user"]}";
    }

    /// <summary>Asks for the context at "Request finished".</summary>
    private sealed class Enricher(IServiceProvider services, ManyRequestsTests tests) : ILoggerProvider, ILogger
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
                tests.Ask(services.GetRequiredService<IHttpContextAccessor>().HttpContext!);
            }
        }
    }
}
