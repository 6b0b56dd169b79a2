using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests;

/// <summary>
/// The server of tests, which runs requests in the test's own process. It does not wait for them when it
/// stops.
/// </summary>
public sealed class TestServerTests
{
    public static readonly TheoryData<string> Hosts = ["WebApplication", "HostBuilder", "WebHostBuilder"];

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(3);

    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource<Context> _given =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Requests_have_contexts_as_with_Kestrel()
    {
        Context? given = null, after = null;
        using var host = await new HostBuilder().ConfigureWebHost(web => web
            .UseTestServer()
            .ConfigureServices(static services => services.AddRouting().AddBaton().AddScoped<Shapes.Taker>())
            .Configure(app =>
            {
                app.Use(async (http, next) =>
                {
                    await next(http);
                    after = http.RequestContext;
                });
                app.UseRouting();
                app.UseBaton();
                app.UseEndpoints(endpoints =>
                {
                    endpoints.MapGet("/", (Context ctx, Shapes.Taker taker, HttpContext http) =>
                    {
                        given = ctx;
                        return taker.Context == ctx && Context.FromToken(http.RequestAborted) == ctx && !ctx.IsDone;
                    });
                    endpoints.MapGet("/waits", async (HttpContext http) =>
                    {
                        given = http.RequestContext;
                        await Select.Done(given);
                    });
                });
            })).StartAsync(TestContext.Current.CancellationToken);
        using var client = host.GetTestClient();

        Assert.Equal("true", await client.GetStringAsync("/"));
        Assert.Same(given, after);
        Assert.IsType<RequestCompletedException>(given!.Cause);

        (given, after) = (null, null);
        using var leaves = new CancellationTokenSource();
        var running = client.GetAsync("/waits", leaves.Token);
        await WaitFor.True(() => given is not null);
        await leaves.CancelAsync();
        await WaitFor.True(() => given!.IsDone);
        Assert.IsType<ClientDisconnectedException>(given!.Cause);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task A_request_that_outlasts_the_grace_of_a_stop_ends_because_the_server_stops(string kind)
    {
        await using var app = await StartAsync(kind);
        var asking = app.Client.GetAsync("/waits");
        var ctx = await WaitFor.Result(_given.Task);

        await WaitFor.Completion(app.StopAsync());
        _clock.Advance(s_grace - TimeSpan.FromTicks(1));
        Assert.False(ctx.IsDone);
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.IsType<ServerShutdownException>(ctx.Cause);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await WaitFor.Result(asking)).StatusCode);
    }

    /// <summary>A context that nobody has looked at hangs on nothing until then.</summary>
    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task So_does_one_whose_handler_looks_at_its_context_only_later(string kind)
    {
        await using var app = await StartAsync(kind);
        var asking = app.Client.GetStringAsync("/late");
        await WaitFor.Result(_given.Task);

        await WaitFor.Completion(app.StopAsync());
        _clock.Advance(s_grace);
        _release.SetResult();

        Assert.Equal(nameof(ServerShutdownException), await WaitFor.Result(asking));
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task A_request_that_is_done_within_the_grace_has_its_response(string kind)
    {
        await using var app = await StartAsync(kind);
        var asking = app.Client.GetStringAsync("/late");
        await WaitFor.Result(_given.Task);

        await WaitFor.Completion(app.StopAsync());
        _release.SetResult();

        Assert.Equal("live", await WaitFor.Result(asking));
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task A_host_that_is_disposed_ends_its_requests_because_the_server_stops(string kind)
    {
        var app = await StartAsync(kind);
        var asking = app.Client.GetAsync("/waits");
        var ctx = await WaitFor.Result(_given.Task);

        await app.DisposeAsync();

        await WaitFor.True(() => ctx.IsDone);
        Assert.IsType<ServerShutdownException>(ctx.Cause);
        await Record.ExceptionAsync(() => WaitFor.Completion(asking));
    }

    private async Task<App> StartAsync(string kind)
    {
        IDisposable host;
        TestServer server;
        Func<Task> stop;
        if (kind == "WebApplication")
        {
            var builder = WebApplication.CreateBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseTestServer();
            AddServices(builder.Services);
            var app = builder.Build();
            Configure(app);
            await app.StartAsync(TestContext.Current.CancellationToken);
            (host, server, stop) = (app, app.GetTestServer(), () => app.StopAsync());
        }
        else if (kind == "HostBuilder")
        {
            var generic = await new HostBuilder()
                .ConfigureWebHost(web => web.UseTestServer().ConfigureServices(AddServices).Configure(Configure))
                .StartAsync(TestContext.Current.CancellationToken);
            (host, server, stop) = (generic, generic.GetTestServer(), () => generic.StopAsync());
        }
        else
        {
            // Obsolete, and still what the tests of many an application are built on.
#pragma warning disable ASPDEPR004, ASPDEPR008
            server = new TestServer(new WebHostBuilder().ConfigureServices(AddServices).Configure(Configure));
            (host, stop) = (server, () => server.Host.StopAsync());
#pragma warning restore ASPDEPR004, ASPDEPR008
        }

        return new App(host, server.CreateClient(), stop);
    }

    private void AddServices(IServiceCollection services) => services.AddRouting().AddBaton(options =>
    {
        options.BaseContext = Context.Root(_clock);
        options.ShutdownGrace = s_grace;
    });

    private void Configure(IApplicationBuilder app)
    {
        app.UseRouting();
        app.UseBaton();
        app.UseEndpoints(endpoints =>
        {
            endpoints.MapGet("/waits", async (Context ctx) =>
            {
                _given.SetResult(ctx);
                await ctx.Delay(2 * s_grace);
            });
            endpoints.MapGet("/late", async (HttpContext http) =>
            {
                _given.SetResult(Context.Background);
                await _release.Task;
                return http.RequestContext.Cause?.GetType().Name ?? "live";
            });
        });
    }

    private sealed class App(IDisposable host, HttpClient client, Func<Task> stop) : IAsyncDisposable
    {
        internal HttpClient Client => client;

        internal Task StopAsync() => stop();

        public async ValueTask DisposeAsync()
        {
            await (host is IAsyncDisposable later ? later.DisposeAsync() : default);
            host.Dispose();
            client.Dispose();
        }
    }
}
