using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.AspNetCore.Tests;

/// <summary>When the object of a request is used for another one, and when it is not.</summary>
public sealed class AgainTests
{
    private readonly List<RequestContext> _seen = [];

    [Theory]
    [InlineData("/plain", true)]
    [InlineData("/later", true)]
    [InlineData("/services", true)]
    [InlineData("/token", false)]
    [InlineData("/property", false)]
    [InlineData("/ended", false)]
    public async Task The_next_request_of_a_connection_uses_it_if_nobody_has_looked(string path, bool isSame)
    {
        await using var server = await StartAsync();

        // A collection in between may take an object that nobody uses, and once is enough.
        var isReused = false;
        for (var i = 0; i < 20 && !isReused; i++)
        {
            await server.Client.GetStringAsync(path);
            await server.Client.GetStringAsync(path);
            isReused = _seen[^1] == _seen[^2];
        }

        Assert.Equal(isSame, isReused);
    }

    [Fact]
    public async Task The_next_request_of_a_connection_takes_over_the_body_of_one_that_was_looked_at()
    {
        var bodies = new List<IHttpResponseBodyFeature>();
        await using var server = await Server.StartAsync(app => app.MapGet("/", (Context ctx, HttpContext http) =>
        {
            bodies.Add(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
            return ctx.IsDone ? "done" : "live";
        }));
        using var first = await server.AskAsync("/");
        await ReadAsync(first);
        using var other = await server.AskAsync("/");
        await ReadAsync(other);

        // A collection in between may take a body that nobody uses, and once is enough.
        var isTakenOver = false;
        for (var i = 0; i < 20 && !isTakenOver; i++)
        {
            await first.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
            Assert.EndsWith("live\r\n0\r\n\r\n", await ReadAsync(first), StringComparison.Ordinal);
            isTakenOver = bodies[^1] == (i == 0 ? bodies[0] : bodies[^2]);
        }

        Assert.True(isTakenOver);
        Assert.DoesNotContain(bodies[1], bodies.Where((_, i) => i != 1));
    }

    [Fact]
    public async Task A_request_of_another_connection_never_uses_it()
    {
        await using var server = await StartAsync();
        using var first = await server.AskAsync("/plain");
        await ReadAsync(first);
        for (var i = 0; i < 50; i++)
        {
            using var other = await server.AskAsync("/plain");
            await ReadAsync(other);
        }

        Assert.DoesNotContain(_seen[0], _seen.Skip(1));
    }

    /// <summary>Two connections may share a place in <see cref="RecentRequests"/>, so the object itself refuses.</summary>
    [Fact]
    public void An_object_refuses_a_request_of_another_connection()
    {
        using var services = new ServiceCollection().AddBaton().BuildServiceProvider();
        var server = services.GetRequiredService<BatonServer>();
        var http = new DefaultHttpContext { RequestAborted = new CancellationToken(canceled: false) };
        var lifetime = http.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        var ctx = RequestContext.At(http, server);
        ctx.Begin(server.Plans.Of(null), server.Context, RequestDeadline.None);
        Assert.True(ctx.TryLeaveUnseen());
        ResponseBody? body = null;

        Assert.False(ctx.TryReuse(http, new HttpRequestLifetimeFeature(), ref body));
        Assert.True(ctx.TryReuse(http, lifetime, ref body));
    }

    [Fact]
    public async Task The_next_request_of_a_connection_has_nothing_of_what_middleware_has_set_on_the_last()
    {
        var isReused = false;
        object? last = null;
        await using var server = await Server.StartBareAsync(app =>
        {
            app.Use((http, next) =>
            {
                isReused |= RequestContext.Find(http) == last;
                last = RequestContext.Find(http);
                if (http.Request.Path != "/set")
                {
                    return next(http);
                }

                http.RequestAborted = new CancellationToken(canceled: true);
                return Task.CompletedTask;
            });
            app.UseBaton();
            app.Run(static http => http.Response.WriteAsync(
                http.RequestAborted.IsCancellationRequested ? "ended" : "live", CancellationToken.None));
        });

        // A collection in between may take an object that nobody uses, and once is enough.
        for (var i = 0; i < 20 && !isReused; i++)
        {
            await server.Client.GetStringAsync("/set");
            Assert.Equal("live", await server.Client.GetStringAsync("/"));
        }

        Assert.True(isReused);
    }

    [Fact]
    public async Task A_request_that_is_kept_for_too_long_gives_an_ended_context_or_that_of_its_connections_next()
    {
        HttpContext? kept = null;
        await using var server = await Server.StartAsync(app =>
        {
            app.MapGet("/keep", (HttpContext http) => { kept = http; });
            app.MapGet("/next", (HttpContext http) => http == kept && !kept.RequestContext.IsDone
                && kept.RequestContext == http.RequestContext);
            app.MapGet("/other", (HttpContext http) =>
            {
                Assert.NotSame(kept, http);
                try
                {
                    return kept!.RequestContext.IsDone ? "ended" : "live";
                }
                catch (ObjectDisposedException)
                {
                    return "ended";
                }
            });
        });
        using var client = await server.AskAsync("/keep");
        await ReadAsync(client);

        Assert.Equal("ended", await server.Client.GetStringAsync("/other"));

        await client.SendAsync("GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        Assert.EndsWith("true\r\n0\r\n\r\n", await ReadAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public void A_late_look_and_the_next_request_never_both_get_it()
    {
        using var services = new ServiceCollection().AddBaton().BuildServiceProvider();
        var server = services.GetRequiredService<BatonServer>();
        var plan = server.Plans.Of(null);
        var http = new DefaultHttpContext { RequestAborted = new CancellationToken(canceled: false) };
        var lifetime = http.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        var outcomes = new HashSet<string>();
        for (var i = 0; i < 20_000; i++)
        {
            http.Features.Set(lifetime);
            http.Features.Set<IServiceProvidersFeature>(null);
            var ctx = RequestContext.At(http, server);
            ctx.Begin(plan, server.Context, RequestDeadline.None);
            Assert.True(ctx.TryLeaveUnseen());
            Context? looked = null;
            ResponseBody? body = null;
            var isReused = false;
            Parallel.Invoke(
                () =>
                {
                    try
                    {
                        looked = ctx.Look();
                    }
                    catch (InvalidOperationException)
                    {
                        // The next request has it, and is not through UseBaton() yet.
                    }
                },
                () => isReused = ctx.TryReuse(http, lifetime, ref body));

            Assert.NotEqual(isReused, looked is not null);
            Assert.True(looked is null || looked.Cause is RequestCompletedException);
            outcomes.Add(isReused ? "reused" : "looked");
        }

        Assert.NotEmpty(outcomes);
    }

    [Fact]
    public async Task Nobody_who_keeps_a_request_for_too_long_ever_sees_that_of_another_connection()
    {
        const int Connections = 8;
        const int Requests = 500;
        var key = new ContextKey<string>("connection");
        var wrong = new ConcurrentQueue<string>();
        var late = new ConcurrentBag<Task>();
        await using var server = await Server.StartAsync(
            app =>
            {
                app.MapGet("/", (HttpContext http, int n) =>
                {
                    if (n % 3 == 0)
                    {
                        var connection = http.Request.Headers["x-connection"].ToString();
                        late.Add(Task.Run(() => AskLateAsync(http, connection, n % 2 == 0)));
                    }
                });
                app.MapGet("/asks", (Context ctx, HttpContext http) =>
                {
                    if (ctx.IsDone || ctx.Value(key) != http.Request.Headers["x-connection"])
                    {
                        wrong.Enqueue($"{ctx.Cause} {ctx.Value(key)}");
                    }
                });
            },
            builder => builder.Services.AddBaton(options => options.ConfigureContext = (http, ctx) =>
                ctx.WithValue(key, http.Request.Headers["x-connection"].ToString())));

        await Task.WhenAll(Enumerable.Range(0, Connections).Select(AskAsync));
        await WaitFor.Completion(Task.WhenAll(late));

        Assert.Empty(wrong);
        Assert.NotEmpty(late);

        async Task AskAsync(int connection)
        {
            using var client = new HttpClient { BaseAddress = server.Client.BaseAddress };
            client.DefaultRequestHeaders.Add("x-connection", $"{connection}");
            for (var n = 0; n < Requests; n++)
            {
                await client.GetStringAsync(n % 4 == 3 ? "/asks" : $"/?n={n}");
            }
        }

        async Task AskLateAsync(HttpContext http, string connection, bool byToken)
        {
            for (var i = 0; i < 5; i++)
            {
                await Task.Yield();
                try
                {
                    var ctx = byToken ? Context.FromToken(http.RequestAborted) : http.RequestContext;
                    if (ctx.Value(key) is { } other && other != connection)
                    {
                        wrong.Enqueue($"{connection} saw {other}");
                    }
                }
                catch (Exception e) when (e is ObjectDisposedException or InvalidOperationException
                    or NullReferenceException)
                {
                    // The request is over: it has gone, or the next one is not through UseBaton() yet.
                }
            }
        }
    }

    private static async Task<string> ReadAsync(Socket client)
    {
        var text = new StringBuilder();
        var buffer = new byte[1000];
        while (!text.ToString().EndsWith("0\r\n\r\n", StringComparison.Ordinal)
            && !text.ToString().Contains("Content-Length: 0", StringComparison.Ordinal))
        {
            var count = await client.ReceiveAsync(buffer);
            Assert.NotEqual(0, count);
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    private Task<Server> StartAsync() => Server.StartBareAsync(app =>
    {
        app.Use(async (http, next) =>
        {
            _seen.Add(RequestContext.Find(http)!);
            await next(http);
            if (http.Request.Path == "/ended")
            {
                Assert.True(http.RequestContext.IsDone);
            }
        });
        app.UseBaton();
        app.Run(async http =>
        {
            switch (http.Request.Path.Value)
            {
                case "/later":
                    await Task.Yield();
                    break;
                case "/services":
                    Assert.NotNull(http.RequestServices);
                    break;
                case "/token":
                    _ = http.RequestAborted;
                    break;
                case "/property":
                    _ = http.RequestContext;
                    break;
            }
        });
    });
}
