using System.Security.Claims;
using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests;

/// <summary>What holds for a request, whatever its handler looks like.</summary>
public sealed class ShapeTests
{
    private static readonly ContextKey<string> s_user = new("user");

    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource<Context> _given =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static TheoryData<string> Handlers => Shapes.Data;

    [Theory]
    [MemberData(nameof(Handlers))]
    public async Task Everything_that_a_handler_can_ask_is_the_same_context(string path)
    {
        await using var server = await StartAsync(static (ctx, http) => Task.FromResult(
            $"{ctx == http.RequestContext} {ctx.Done == http.RequestAborted} "
            + $"{ctx == http.RequestServices.GetRequiredService<Context>()} {ctx.IsDone}"));

        Assert.Equal("True True True False", (await server.Client.GetStringAsync(path)).Trim());
    }

    [Theory]
    [MemberData(nameof(Handlers))]
    public async Task A_base_context_that_is_canceled_ends_it(string path)
    {
        using var root = Context.Root(_clock).WithCancel();
        await using var server = await StartAsync(WaitAsync, options => options.BaseContext = root);

        var running = server.Client.GetAsync(path);
        var ctx = await WaitFor.Result(_given.Task);
        root.Cancel(new InvalidOperationException("maintenance"));
        using var response = await WaitFor.Result(running);

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal("maintenance", ctx.Cause!.Message);
        Assert.Contains(server.Logs, static line => line.Contains("maintenance", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Handlers))]
    public async Task A_stop_ends_it_when_the_grace_is_over(string path)
    {
        await using var server = await StartAsync(
            WaitAsync, options => options.ShutdownGrace = TimeSpan.FromSeconds(5));

        var running = server.Client.GetAsync(path);
        var ctx = await WaitFor.Result(_given.Task);
        var stopping = server.StopAsync();
        await server.RefusesAsync();
        Assert.False(ctx.IsDone);
        await WaitFor.True(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            return ctx.IsDone;
        });
        using var response = await WaitFor.Result(running);
        await WaitFor.Completion(stopping);

        Assert.Equal(503, (int)response.StatusCode);
        Assert.IsType<ServerShutdownException>(ctx.Cause);
    }

    [Theory]
    [MemberData(nameof(Handlers))]
    public async Task A_timeout_ends_it(string path)
    {
        await using var server = await StartAsync(
            WaitAsync, static options => options.Timeout = TimeSpan.FromSeconds(1));

        var running = server.Client.GetAsync(path);
        var ctx = await WaitFor.Result(_given.Task);
        Assert.Equal(TimeSpan.FromSeconds(1), ctx.Remaining);
        await WaitFor.True(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return ctx.IsDone;
        });
        using var response = await WaitFor.Result(running);

        Assert.Equal(504, (int)response.StatusCode);
        Assert.IsType<RequestTimeoutException>(ctx.Cause);
    }

    [Theory]
    [MemberData(nameof(Handlers))]
    public async Task A_client_that_leaves_ends_it(string path)
    {
        var status = new TaskCompletionSource<int>();
        await using var server = await StartAsync(WaitAsync, before: app => app.Use(async (http, next) =>
        {
            await next(http);
            status.SetResult(http.Response.StatusCode);
        }));

        var client = await server.AskAsync(path);
        var ctx = await WaitFor.Result(_given.Task);
        client.Dispose();

        Assert.Equal(499, await WaitFor.Result(status.Task));
        Assert.IsType<ClientDisconnectedException>(ctx.Cause);
    }

    [Theory]
    [MemberData(nameof(Handlers))]
    public async Task It_has_ended_when_the_handler_has_returned(string path)
    {
        var after = new TaskCompletionSource<(bool, Exception?)>();
        Context? given = null;
        await using var server = await StartAsync(
            (ctx, _) =>
            {
                given = ctx;
                return Task.FromResult("");
            },
            before: app => app.Use(async (http, next) =>
            {
                await next(http);
                after.SetResult((http.RequestContext == given, given!.Cause));
            }));

        await server.Client.GetStringAsync(path);
        var (isSame, cause) = await WaitFor.Result(after.Task);

        Assert.True(isSame);
        Assert.IsType<RequestCompletedException>(cause);
    }

    [Theory]
    [MemberData(nameof(Handlers))]
    public async Task What_ConfigureContext_reads_is_what_there_is_at_UseBaton(string path)
    {
        var runs = 0;
        await using var server = await StartAsync(
            static (ctx, _) => Task.FromResult(ctx.Value(s_user) ?? "none"),
            options => options.ConfigureContext = (http, ctx) =>
            {
                Interlocked.Increment(ref runs);
                return ctx.WithValue(s_user, http.User.Identity?.Name ?? "anonymous");
            },
            after: static app => app.Use(SignInAsync));

        Assert.Equal("anonymous", (await server.Client.GetStringAsync(path)).Trim());
        Assert.Equal(1, runs);
    }

    [Theory]
    [MemberData(nameof(Handlers))]
    public async Task What_middleware_adds_to_it_is_seen_by_everything_later(string path)
    {
        string? seen = null;
        await using var server = await StartAsync(
            static (ctx, _) => Task.FromResult(ctx.Value(s_user) ?? "none"),
            before: app => app.Use(async (http, next) =>
            {
                await next(http);
                seen = http.RequestContext.Value(s_user);
            }),
            after: static app =>
            {
                app.Use(SignInAsync);
                app.Use((http, next) =>
                {
                    http.RequestContext = http.RequestContext.WithValue(s_user, http.User.Identity!.Name!);
                    return next(http);
                });
            });

        Assert.Equal("alice", (await server.Client.GetStringAsync(path)).Trim());
        await WaitFor.True(() => seen == "alice");
    }

    [Theory]
    [MemberData(nameof(Handlers))]
    public async Task A_timeout_that_middleware_adds_to_it_is_a_504_too(string path)
    {
        await using var server = await StartAsync(
            WaitAsync,
            after: static app => app.Use(async (http, next) =>
            {
                using var own = http.RequestContext.WithTimeout(TimeSpan.FromSeconds(1));
                http.RequestContext = own;
                await next(http);
            }));

        var running = server.Client.GetAsync(path);
        var ctx = await WaitFor.Result(_given.Task);
        await WaitFor.True(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return ctx.IsDone;
        });
        using var response = await WaitFor.Result(running);

        Assert.Equal(504, (int)response.StatusCode);
    }

    private static Task SignInAsync(HttpContext http, RequestDelegate next)
    {
        http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "alice")], "test"));
        return next(http);
    }

    private async Task<string> WaitAsync(Context ctx, HttpContext http)
    {
        _given.SetResult(ctx);
        await new TaskCompletionSource().Task.WaitAsync(ctx);
        return "never";
    }

    private Task<Server> StartAsync(
        Func<Context, HttpContext, Task<string>> act,
        Action<BatonOptions>? options = null,
        Action<WebApplication>? before = null,
        Action<WebApplication>? after = null) =>
        Server.StartBareAsync(
            app =>
            {
                before?.Invoke(app);
                app.UseBaton();
                after?.Invoke(app);
                Shapes.Map(app);
            },
            builder =>
            {
                builder.Services.AddBaton(baton =>
                {
                    baton.BaseContext = Context.Root(_clock);
                    options?.Invoke(baton);
                });
                Shapes.AddTo(builder, act);
            });
}
