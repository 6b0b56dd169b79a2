using System.Net;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests.Stopping;

/// <summary>A server that stops, on a fake clock.</summary>
public sealed class StopTests
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(3);

    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource<Context> _given = new();
    private readonly TaskCompletionSource _release = new();

    [Fact]
    public async Task A_running_request_is_untouched_until_the_grace_is_over_and_canceled_then()
    {
        await using var server = await StartAsync();
        using var client = await server.AskAsync("/obeys");
        var ctx = await WaitFor.Result(_given.Task);

        var stop = server.StopAsync();
        await server.RefusesAsync();
        _clock.Advance(s_grace - TimeSpan.FromTicks(1));
        Assert.False(ctx.IsDone);
        Assert.False(stop.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.True(ctx.IsDone);
        Assert.IsType<ServerShutdownException>(ctx.Cause);
        Assert.IsType<ContextCanceledException>(ctx.Err);
        await WaitFor.Completion(stop);
    }

    [Fact]
    public async Task
        A_request_that_is_done_within_the_grace_has_its_response_as_ever_and_the_server_waits_no_longer()
    {
        await using var server = await StartAsync();
        var answer = server.Client.GetAsync("/finishes");
        await WaitFor.Result(_given.Task);

        var stop = server.StopAsync();
        await server.RefusesAsync();
        _release.SetResult();

        Assert.Equal(HttpStatusCode.OK, (await WaitFor.Result(answer)).StatusCode);
        await WaitFor.Completion(stop);
    }

    [Fact]
    public async Task A_request_that_ignores_its_context_is_waited_for_until_the_host_will_no_longer()
    {
        using var limit = new CancellationTokenSource();
        await using var server = await StartAsync();
        using var client = await server.AskAsync("/finishes");
        var ctx = await WaitFor.Result(_given.Task);

        var stop = server.StopAsync(limit.Token);
        await server.RefusesAsync();
        _clock.Advance(s_grace);
        Assert.True(ctx.IsDone);
        Assert.False(stop.IsCompleted);
        await limit.CancelAsync();

        await WaitFor.Completion(stop);
        _release.SetResult();
    }

    [Fact]
    public async Task A_server_without_running_requests_stops_at_once()
    {
        await using var server = await StartAsync();
        Assert.Equal("true", await server.Client.GetStringAsync("/live"));

        await WaitFor.Completion(server.StopAsync());
    }

    [Fact]
    public async Task Whoever_watches_for_a_stop_sees_it_first()
    {
        await using var server = await StartAsync();
        using var client = await server.AskAsync("/obeys");
        var ctx = await WaitFor.Result(_given.Task);
        var stopping = server.Services.GetRequiredService<ServerLifetime>().Stopping;
        Assert.False(stopping.IsDone);

        server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.True(stopping.IsDone);
        Assert.False(ctx.IsDone);
    }

    [Fact]
    public async Task A_watcher_that_throws_or_never_returns_holds_up_nothing()
    {
        await using var server = await StartAsync();
        var stopping = server.Services.GetRequiredService<ServerLifetime>().Stopping;
        stopping.Done.Register(static () => throw new InvalidOperationException("provoked"));
        using var blocks = new ManualResetEventSlim();
        stopping.Done.Register(blocks.Wait);

        await WaitFor.Completion(server.StopAsync());
        blocks.Set();
    }

    [Fact]
    public async Task Until_the_delay_is_over_it_takes_requests_and_says_that_it_is_not_ready()
    {
        await using var server = await StartAsync(static options =>
            options.ShutdownDelay = TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, await ReadyAsync(server));

        var stop = server.StopAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(server));
        Assert.Equal("true", await server.Client.GetStringAsync("/live"));
        using var client = await server.AskAsync("/obeys");
        var ctx = await WaitFor.Result(_given.Task);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await server.RefusesAsync();

        Assert.False(ctx.IsDone);
        _clock.Advance(s_grace);
        Assert.IsType<ServerShutdownException>(ctx.Cause);
        await WaitFor.Completion(stop);
    }

    [Fact]
    public async Task The_hosts_limit_ends_delay_and_grace_and_the_cause_is_the_shutdown()
    {
        using var limit = new CancellationTokenSource();
        await using var server = await StartAsync(static options =>
            options.ShutdownDelay = TimeSpan.FromSeconds(10));
        using var client = await server.AskAsync("/obeys");
        var ctx = await WaitFor.Result(_given.Task);

        var stop = server.StopAsync(limit.Token);
        Assert.False(stop.IsCompleted);
        await limit.CancelAsync();

        await WaitFor.Completion(stop);
        Assert.IsType<ServerShutdownException>(ctx.Cause);
    }

    [Fact]
    public async Task Stopped_without_any_time_it_cancels_at_once_and_the_cause_is_the_shutdown()
    {
        await using var server = await StartAsync();
        using var client = await server.AskAsync("/obeys");
        var ctx = await WaitFor.Result(_given.Task);

        await WaitFor.Completion(server.StopAsync(new CancellationToken(canceled: true)));

        Assert.IsType<ServerShutdownException>(ctx.Cause);
    }

    [Fact]
    public async Task A_grace_of_zero_cancels_when_the_server_takes_no_more_requests()
    {
        await using var server = await StartAsync(static options => options.ShutdownGrace = TimeSpan.Zero);
        using var client = await server.AskAsync("/obeys");
        var ctx = await WaitFor.Result(_given.Task);

        await WaitFor.Completion(server.StopAsync());

        Assert.IsType<ServerShutdownException>(ctx.Cause);
    }

    private static async Task<HttpStatusCode> ReadyAsync(Server server)
    {
        using var answer = await server.Client.GetAsync("/ready");
        return answer.StatusCode;
    }

    private Task<Server> StartAsync(Action<BatonOptions>? configure = null) => Server.StartAsync(
        app =>
        {
            app.MapGet("/live", (Context ctx) => !ctx.IsDone);
            app.MapGet("/obeys", async (Context ctx) =>
            {
                _given.SetResult(ctx);
                await Select.Done(ctx);
            });
            app.MapGet("/finishes", async (Context ctx) =>
            {
                _given.SetResult(ctx);
                await _release.Task;
            });
            app.MapHealthChecks(
                "/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
        },
        builder =>
        {
            builder.Services.AddHealthChecks().AddServerLifetimeCheck();
            builder.Services.AddBaton(options =>
            {
                options.BaseContext = Context.Root(_clock);
                options.ShutdownGrace = s_grace;
                configure?.Invoke(options);
            });
        },
        expectedError: "Health check baton with status Unhealthy");
}
