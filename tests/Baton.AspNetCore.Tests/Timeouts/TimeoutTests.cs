using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests;

public sealed class TimeoutTests
{
    private static readonly TimeSpan s_default = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource<Context> _given =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static TheoryData<string, RequestTimeoutSource?, int> Endpoints => new()
    {
        { "/default", RequestTimeoutSource.Server, 20 },
        { "/attribute", RequestTimeoutSource.Endpoint, 3 },
        { "/time", RequestTimeoutSource.Endpoint, 4 },
        { "/own-policy", RequestTimeoutSource.Endpoint, 5 },
        { "/named-policy", RequestTimeoutSource.Policy, 30 },
        { "/disabled", null, 0 },
        { "/infinite", null, 0 },
    };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Deadline_and_Remaining_are_right_from_the_first_line_of_the_handler(
        string path, RequestTimeoutSource? setBy, int seconds)
    {
        await using var server = await StartAsync();

        var running = server.Client.GetAsync(path);
        var ctx = await WaitFor.Result(_given.Task);

        var timeout = setBy is null ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);
        Assert.Equal(timeout, ctx.Remaining);
        Assert.Equal(setBy is null ? null : _clock.GetUtcNow() + timeout, ctx.Deadline);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(setBy is not null, ctx.IsDone);
        if (setBy is null)
        {
            return;
        }

        using var answer = await WaitFor.Result(running);
        Assert.Equal(504, (int)answer.StatusCode);
        Assert.IsType<DeadlineExceededException>(ctx.Err);
        var cause = Assert.IsType<RequestTimeoutException>(ctx.Cause);
        Assert.Equal(setBy, cause.TimeoutSource);
        Assert.Equal(timeout, cause.Timeout);
        Assert.Equal(setBy == RequestTimeoutSource.Policy ? "named" : null, cause.PolicyName);
        Assert.False(answer.Headers.Contains("Baton-Deadline-Exceeded"));
    }

    [Fact]
    public async Task The_default_policy_of_ASP_NET_Core_is_the_default_where_there_is_none_of_Batons()
    {
        await using var server = await StartAsync(hasDefault: false);

        var running = server.Client.GetAsync("/default");
        var ctx = await WaitFor.Result(_given.Task);

        Assert.Equal(TimeSpan.FromSeconds(7), ctx.Remaining);
        _clock.Advance(TimeSpan.FromSeconds(7));
        using var answer = await WaitFor.Result(running);
        Assert.Equal(418, (int)answer.StatusCode);
        Assert.Equal(RequestTimeoutSource.Server, Assert.IsType<RequestTimeoutException>(ctx.Cause).TimeoutSource);
    }

    [Fact]
    public async Task The_token_of_the_request_and_of_a_handlers_parameter_are_the_contexts()
    {
        CancellationToken aborted = default, parameter = default;
        await using var server = await Server.StartAsync(
            _clock,
            app => app.MapGet("/", (HttpContext http, CancellationToken token) =>
            {
                (aborted, parameter) = (http.RequestAborted, token);
                _given.SetResult(http.RequestContext);
                return http.RequestContext.Delay(Timeout.InfiniteTimeSpan);
            }),
            options => options.Timeout = s_default);

        var running = server.Client.GetAsync("/");
        var ctx = await WaitFor.Result(_given.Task);

        Assert.Same(ctx, Context.FromToken(aborted));
        Assert.Same(ctx, Context.FromToken(parameter));
        Assert.False(aborted.IsCancellationRequested);
        _clock.Advance(s_default);
        Assert.True(aborted.IsCancellationRequested);
        using var answer = await WaitFor.Result(running);
        Assert.Equal(504, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_base_contexts_deadline_shortens_every_timeout_and_replaces_none()
    {
        using var parent = Context.Root(_clock).WithTimeout(TimeSpan.FromSeconds(1));
        await using var server = await Server.StartAsync(
            _clock, Map, options => options.BaseContext = parent, AddPolicies);

        var running = server.Client.GetAsync("/time");
        var ctx = await WaitFor.Result(_given.Task);

        Assert.Equal(TimeSpan.FromSeconds(1), ctx.Remaining);
        _clock.Advance(TimeSpan.FromSeconds(1));
        using var answer = await WaitFor.Result(running);
        Assert.Equal(504, (int)answer.StatusCode);
        Assert.IsNotType<RequestTimeoutException>(ctx.Cause);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("9S")]
    public async Task DisableTimeout_leaves_no_deadline_but_the_callers(string? caller)
    {
        await using var server = await Server.StartAsync(
            _clock, app => app.MapGet("/", (Context ctx, HttpContext http) =>
            {
                http.Features.GetRequiredFeature<IHttpRequestTimeoutFeature>().DisableTimeout();
                return ctx.Deadline is null ? "none" : ctx.Remaining.ToString();
            }).WithRequestTimeout(TimeSpan.FromSeconds(4)));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (caller is not null)
        {
            request.Headers.Add("grpc-timeout", caller);
        }

        using var answer = await server.Client.SendAsync(request);

        Assert.Equal(caller is null ? "none" : "00:00:09", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_features_own_token_tells_a_timeout_from_other_ends()
    {
        var tokens = new TaskCompletionSource<(CancellationToken TimedOut, CancellationToken Aborted)>();
        await using var server = await Server.StartAsync(_clock, app =>
        {
            app.MapGet("/", (Context ctx, HttpContext http) =>
            {
                var feature = http.Features.GetRequiredFeature<IHttpRequestTimeoutFeature>();
                tokens.SetResult((feature.RequestTimeoutToken, http.RequestAborted));
                return ctx.Delay(Timeout.InfiniteTimeSpan);
            }).WithRequestTimeout(TimeSpan.FromSeconds(4));
            app.MapGet("/abort", (HttpContext http) =>
            {
                var timedOut =
                    http.Features.GetRequiredFeature<IHttpRequestTimeoutFeature>().RequestTimeoutToken;
                http.Abort();
                return $"{timedOut.IsCancellationRequested}";
            }).WithRequestTimeout(TimeSpan.FromSeconds(4));
            app.MapGet(
                "/none", (HttpContext http) => http.Features.Get<IHttpRequestTimeoutFeature>() is null);
        });

        var running = server.Client.GetAsync("/");
        var (timedOut, aborted) = await WaitFor.Result(tokens.Task);
        _clock.Advance(TimeSpan.FromSeconds(4));

        Assert.True(aborted.IsCancellationRequested);
        await WaitFor.True(() => timedOut.IsCancellationRequested);
        using var answer = await WaitFor.Result(running);
        Assert.Equal("true", await server.Client.GetStringAsync("/none"));
    }

    [Fact]
    public async Task Under_a_debugger_no_request_times_out()
    {
        await using var server = await StartAsync();
        server.Services.GetRequiredService<BatonServer>().Deadlines.IsDebuggedForTests = true;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/time");
        request.Headers.Add("grpc-timeout", "0n");

        var running = server.Client.SendAsync(request);

        Assert.Null((await WaitFor.Result(_given.Task)).Deadline);
    }

    [Fact]
    public async Task A_policy_that_is_not_there_fails_the_request_and_names_it()
    {
        await using var server = await Server.StartAsync(
            app => app.MapGet("/", () => "").WithRequestTimeout("absent"),
            expectedError: "timeout policy 'absent'");

        using var answer = await server.Client.GetAsync("/");

        Assert.Equal(500, (int)answer.StatusCode);
        Assert.Contains("AddPolicy", Assert.Single(server.Logs), StringComparison.Ordinal);
    }

    private Task<Server> StartAsync(bool hasDefault = true) => Server.StartAsync(
        _clock, Map,
        options => options.Timeout = hasDefault ? s_default : Timeout.InfiniteTimeSpan, AddPolicies);

    private static void AddPolicies(WebApplicationBuilder builder) =>
        builder.Services.AddRequestTimeouts(options =>
        {
            options.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = TimeSpan.FromSeconds(7),
                TimeoutStatusCode = 418,
            };
            options.AddPolicy("named", TimeSpan.FromSeconds(30));
        });

    private void Map(WebApplication app)
    {
        var wait = (Context ctx) =>
        {
            _given.SetResult(ctx);
            return ctx.Delay(Timeout.InfiniteTimeSpan);
        };
#pragma warning disable RDG002 // One handler for all is bound at run time.
        app.MapGet("/default", wait);
        app.MapGet("/attribute", wait).WithMetadata(new RequestTimeoutAttribute(3000));
        app.MapGet("/time", wait).WithRequestTimeout(TimeSpan.FromSeconds(4));
        app.MapGet("/own-policy", wait).WithRequestTimeout(
            new RequestTimeoutPolicy { Timeout = TimeSpan.FromSeconds(5) });
        app.MapGet("/named-policy", wait).WithRequestTimeout("named");
        app.MapGet("/disabled", wait).WithRequestTimeout("named").DisableRequestTimeout();
        app.MapGet("/infinite", wait).WithRequestTimeout(
            new RequestTimeoutPolicy { Timeout = Timeout.InfiniteTimeSpan });
#pragma warning restore RDG002
    }
}
