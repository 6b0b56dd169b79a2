using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests;

/// <summary><c>HttpContext.RequestContext</c> and <c>HttpContext.RequestAborted</c>, set by the application.</summary>
public sealed class SetterTests
{
    private static readonly ContextKey<string> s_key = new("key");

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task What_is_set_is_the_context_and_its_token_the_requests()
    {
        await using var server = await Server.StartAsync(app => app.MapGet("/", (HttpContext http) =>
        {
            using var own = http.RequestContext.WithCancel();
            http.RequestContext = own;
            return http.RequestContext == own && http.RequestAborted == own.Done
                && http.RequestServices.GetRequiredService<Context>().Done == own.Done;
        }));

        Assert.Equal("true", await server.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task One_that_is_not_derived_from_the_requests_is_an_argument_error_with_advice()
    {
        await using var server = await Server.StartAsync(app => app.MapGet("/", (HttpContext http) =>
        {
            var before = http.RequestContext;
            var thrown = Assert.Throws<ArgumentException>(() => http.RequestContext = Context.Background);
            Assert.Throws<ArgumentException>(() =>
                http.RequestContext = before.WithoutCancel().Value(s_key) is null ? Context.Todo : before);
            Assert.Throws<ArgumentNullException>(() => http.RequestContext = null!);
            Assert.Same(before, http.RequestContext);
            Assert.Equal("value", thrown.ParamName);
            return thrown.Message;
        }));

        Assert.Contains(
            "http.RequestContext = http.RequestContext.WithValue(key, value)",
            await server.Client.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_UseBaton_it_cannot_be_set_and_the_error_says_what_to_call()
    {
        InvalidOperationException? thrown = null;
        await using var server = await Server.StartBareAsync(app =>
        {
            app.Use((http, next) =>
            {
                thrown = Assert.Throws<InvalidOperationException>(() => http.RequestContext = Context.Background);
                return next(http);
            });
            app.UseBaton();
            app.MapGet("/", () => "");
        });

        await server.Client.GetStringAsync("/");

        Assert.Contains("Call app.UseBaton()", thrown!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void On_an_HttpContext_of_a_test_setting_it_is_enough()
    {
        using var ctx = Context.Background.WithValue(s_key, "value").WithCancel();
        var http = new DefaultHttpContext();

        http.RequestContext = ctx;

        Assert.Same(ctx, http.RequestContext);
        Assert.Equal(ctx.Done, http.RequestAborted);
        http.RequestContext = ctx.WithValue(s_key, "other");
        Assert.Equal("other", http.RequestContext.Value(s_key));
        using var token = new CancellationTokenSource();
        http.RequestAborted = token.Token;
        Assert.Equal(token.Token, http.RequestAborted);
        http.Abort();
        Assert.True(http.RequestAborted.IsCancellationRequested);
        Assert.False(ctx.IsDone);
    }

    [Fact]
    public async Task A_token_that_is_set_is_merged_in_and_taken_out_again_by_setting_what_was_there_before()
    {
        using var own = new CancellationTokenSource();
        await using var server = await Server.StartAsync(app => app.MapGet("/", (Context ctx, HttpContext http) =>
        {
            var before = http.RequestAborted;
            http.RequestAborted = own.Token;
            var merged = http.RequestContext;
            Assert.NotSame(ctx, merged);
            Assert.Equal(merged.Done, http.RequestAborted);
            own.Cancel();
            Assert.True(merged.IsDone);
            Assert.False(ctx.IsDone);
            http.RequestAborted = before;
            return http.RequestContext == ctx && http.RequestAborted == ctx.Done;
        }));

        Assert.Equal("true", await server.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task A_token_that_cannot_be_canceled_takes_the_end_away_as_without_Baton()
    {
        await using var server = await Server.StartAsync(app => app.MapGet("/", (Context ctx, HttpContext http) =>
        {
            http.RequestAborted = CancellationToken.None;
            return !http.RequestAborted.CanBeCanceled && !http.RequestContext.Done.CanBeCanceled;
        }));

        Assert.Equal("true", await server.Client.GetStringAsync("/"));
    }

    public static TheoryData<string, bool> Places
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var path in Shapes.All)
            {
                data.Add(path, true);
                data.Add(path, false);
            }

            return data;
        }
    }

    /// <summary>The timeout that a team has written itself, as everybody writes it.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_timeout_of_other_middleware_is_that_middlewares_to_respond_to(string path, bool isOutside)
    {
        var given = new TaskCompletionSource<Context>(TaskCreationOptions.RunContinuationsAsynchronously);
        var timer = new TaskCompletionSource<CancellationTokenSource>();
        await using var server = await Server.StartBareAsync(
            app =>
            {
                if (isOutside)
                {
                    app.Use(Own);
                }

                app.UseBaton();
                if (!isOutside)
                {
                    app.Use(Own);
                }

                Shapes.Map(app);
            },
            builder => Shapes.AddTo(builder, async (ctx, _) =>
            {
                given.SetResult(ctx);
                await new TaskCompletionSource().Task.WaitAsync(ctx);
                return "never";
            }));

        var running = server.Client.GetAsync(path);
        var ctx = await WaitFor.Result(given.Task);
        await (await WaitFor.Result(timer.Task)).CancelAsync();
        using var response = await WaitFor.Result(running);

        Assert.Equal(418, (int)response.StatusCode);
        Assert.Equal("my own timeout", await response.Content.ReadAsStringAsync());
        Assert.IsType<ContextCanceledException>(ctx.Cause);

        async Task Own(HttpContext http, RequestDelegate next)
        {
            var original = http.RequestAborted;
            using var source = CancellationTokenSource.CreateLinkedTokenSource(original);
            http.RequestAborted = source.Token;
            timer.SetResult(source);
            try
            {
                await next(http);
            }
            catch (OperationCanceledException)
                when (source.IsCancellationRequested && !original.IsCancellationRequested)
            {
                http.Response.StatusCode = 418;
                await http.Response.WriteAsync("my own timeout", CancellationToken.None);
            }
            finally
            {
                http.RequestAborted = original;
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UseRequestTimeouts_beside_it_never_takes_a_client_for_gone(bool isFirst)
    {
        await using var server = await Server.StartBareAsync(
            app =>
            {
                if (isFirst)
                {
                    app.UseRequestTimeouts();
                }

                app.UseBaton();
                if (!isFirst)
                {
                    app.UseRequestTimeouts();
                }

                app.MapGet("/", async (CancellationToken token) =>
                    await new TaskCompletionSource().Task.WaitAsync(token));
            },
            builder => builder.Services.AddRequestTimeouts(static options =>
                options.DefaultPolicy = new() { Timeout = TimeSpan.FromMilliseconds(20) }),
            expectedError: "imeout");

        for (var i = 0; i < 20; i++)
        {
            using var response = await server.Client.GetAsync("/");
            Assert.Equal(504, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task Without_a_catch_of_its_own_the_exception_is_an_error_as_without_Baton()
    {
        using var own = new CancellationTokenSource();
        await own.CancelAsync();
        await using var server = await Server.StartBareAsync(
            app =>
            {
                app.Use((http, next) =>
                {
                    http.RequestAborted = own.Token;
                    return next(http);
                });
                app.UseBaton();
                app.MapGet("/", (CancellationToken token) => token.ThrowIfCancellationRequested());
            },
            expectedError: "OperationCanceledException");

        using var response = await server.Client.GetAsync("/");

        Assert.Equal(500, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_deadline_of_the_handlers_own_below_a_token_that_was_set_is_still_a_504()
    {
        using var own = new CancellationTokenSource();
        var armed = new ArmedClock();
        await using var server = await Server.StartAsync(armed, app =>
        {
            app.Use((http, next) =>
            {
                http.RequestAborted = own.Token;
                return next(http);
            });
            app.MapGet("/", async (Context ctx) =>
            {
                using var less = ctx.WithTimeout(TimeSpan.FromSeconds(1));
                await less.Delay(TimeSpan.FromSeconds(9));
            });
        });

        var running = server.Client.GetAsync("/");
        await armed.ArmedAsync();
        armed.Advance(TimeSpan.FromSeconds(1));
        using var response = await WaitFor.Result(running);

        Assert.Equal(504, (int)response.StatusCode);
        Assert.NotNull(_clock);
    }
}
