using Microsoft.AspNetCore.Http.Features;

namespace Baton.AspNetCore.Tests;

/// <summary>
/// Middleware that puts a lifetime feature of its own into the request, before <c>UseBaton()</c> and behind it.
/// </summary>
public sealed class LifetimeFeatureTests
{
    private static readonly ContextKey<string> s_key = new("key");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_token_that_the_feature_shows_ends_the_context_whoever_asks(bool isOutside)
    {
        using var own = new CancellationTokenSource();
        await using var server = await StartAsync(
            isOutside,
            http => Put(http, inner => new Feature(inner, own.Token)),
            async (ctx, http) =>
            {
                var asked = Ask(ctx, http);
                Assert.All(asked, static one => Assert.False(one.IsDone));
                await own.CancelAsync();
                Assert.All(asked, static one => Assert.True(one.IsDone));
                Assert.True(http.RequestAborted.IsCancellationRequested);
                Assert.All(asked, static one => Assert.IsType<ContextCanceledException>(one.Cause));
                return "asked";
            });

        Assert.Equal("asked", await WaitFor.Result(server.Client.GetStringAsync("/")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_feature_that_passes_the_token_on_changes_nothing(bool isOutside)
    {
        await using var server = await StartAsync(
            isOutside,
            http => Put(http, static inner => new Feature(inner, token: null)),
            static (ctx, http) =>
            {
                Assert.All(Ask(ctx, http), one => Assert.Same(ctx, one));
                Assert.Same(ctx, Context.FromToken(http.RequestAborted));
                http.RequestContext = ctx.WithValue(s_key, "set");
                Assert.Equal("set", http.RequestContext.Value(s_key));
                Assert.Equal("set", Context.FromToken(http.RequestAborted).Value(s_key));
                return Task.FromResult("asked");
            });

        Assert.Equal("asked", await WaitFor.Result(server.Client.GetStringAsync("/")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_set_behind_the_feature_is_the_context_and_still_ends_by_its_token(bool isOutside)
    {
        using var own = new CancellationTokenSource();
        await using var server = await StartAsync(
            isOutside,
            http => Put(http, inner => new Feature(inner, own.Token)),
            async (ctx, http) =>
            {
                http.RequestContext = http.RequestContext.WithValue(s_key, "set");
                var set = http.RequestContext;
                Assert.Same(set, http.RequestContext);
                Assert.Equal("set", set.Value(s_key));
                await own.CancelAsync();
                Assert.True(set.IsDone);
                return "asked";
            });

        Assert.Equal("asked", await WaitFor.Result(server.Client.GetStringAsync("/")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_feature_that_was_there_before_takes_the_token_out_again(bool isRead)
    {
        using var own = new CancellationTokenSource();
        await using var server = await Server.StartAsync(app => app.MapGet("/", async (Context ctx, HttpContext http) =>
        {
            var restore = Put(http, inner => new Feature(inner, own.Token));
            Assert.NotSame(ctx, isRead ? http.RequestContext : null);
            restore();
            await own.CancelAsync();
            Assert.Same(ctx, http.RequestContext);
            Assert.False(ctx.IsDone);
            return http.RequestAborted == ctx.Done;
        }));

        Assert.Equal("true", await WaitFor.Result(server.Client.GetStringAsync("/")));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Of_two_features_the_one_that_the_request_shows_counts(bool isOutside, bool isLinked)
    {
        using var first = new CancellationTokenSource();
        await using var server = await StartAsync(
            isOutside,
            http => Put(http, inner => new Feature(inner, first.Token)),
            async (ctx, http) =>
            {
                var before = http.RequestContext;
                using var second = isLinked
                    ? CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted)
                    : new CancellationTokenSource();
                var restore = Put(http, inner => new Feature(inner, second.Token));
                var behind = http.RequestContext;
                Assert.Same(behind, http.RequestContext);
                await first.CancelAsync();
                Assert.Equal(isLinked || isOutside, behind.IsDone);
                await second.CancelAsync();
                Assert.True(behind.IsDone);
                restore();
                Assert.Same(before, http.RequestContext);
                return "asked";
            });

        Assert.Equal("asked", await WaitFor.Result(server.Client.GetStringAsync("/")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_requests_deadline_reaches_the_token_that_a_feature_has_linked(bool isOutside)
    {
        var clock = new ArmedClock();
        await using var server = await StartAsync(
            isOutside,
            http =>
            {
                var linked = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
                return Put(http, inner => new Feature(inner, linked.Token));
            },
            static async (ctx, http) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted);
                return "never";
            },
            builder => builder.Services.AddBaton(options =>
            {
                options.BaseContext = Context.Root(clock);
                options.Timeout = TimeSpan.FromSeconds(1);
            }));

        var running = server.Client.GetAsync("/");
        await clock.ArmedAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        using var response = await WaitFor.Result(running);

        Assert.Equal(504, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_abort_goes_through_the_feature_and_is_the_applications(bool isOutside)
    {
        Feature? feature = null;
        var ended = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StartAsync(
            isOutside,
            http => Put(http, inner => feature = new Feature(inner, token: null)),
            (ctx, http) =>
            {
                http.Abort();
                ended.SetResult(ctx.Cause);
                return Task.FromResult("");
            });

        await Assert.ThrowsAsync<HttpRequestException>(() => WaitFor.Result(server.Client.GetStringAsync("/")));

        Assert.IsType<RequestAbortedException>(await WaitFor.Result(ended.Task));
        Assert.Equal(1, feature!.Aborts);
    }

    [Fact]
    public async Task Setting_the_token_back_takes_a_token_out_also_of_a_context_that_adds_a_value()
    {
        using var own = new CancellationTokenSource();
        await using var server = await Server.StartAsync(app => app.MapGet("/", async (HttpContext http) =>
        {
            var value = http.RequestContext = http.RequestContext.WithValue(s_key, "value");
            var before = http.RequestAborted;
            http.RequestAborted = own.Token;
            http.RequestAborted = before;
            await own.CancelAsync();
            Assert.Equal("value", http.RequestContext.Value(s_key));
            return !http.RequestContext.IsDone && !http.RequestAborted.IsCancellationRequested && !value.IsDone;
        }));

        Assert.Equal("true", await WaitFor.Result(server.Client.GetStringAsync("/")));
    }

    private static Task<Server> StartAsync(
        bool isOutside, Func<HttpContext, Action> put, Func<Context, HttpContext, Task<string>> handle,
        Action<WebApplicationBuilder>? configure = null)
    {
        return Server.StartBareAsync(
            app =>
            {
                if (isOutside)
                {
                    app.Use(PutAsync);
                }

                app.UseBaton();
                if (!isOutside)
                {
                    app.Use(PutAsync);
                }

                app.MapGet("/", (Context ctx, HttpContext http) => handle(ctx, http));
            },
            builder =>
            {
                builder.Services.AddTransient<Shapes.Taker>();
                builder.Services.AddHttpContextAccessor();
                configure?.Invoke(builder);
            });

        async Task PutAsync(HttpContext http, RequestDelegate next)
        {
            var restore = put(http);
            try
            {
                await next(http);
            }
            finally
            {
                restore();
            }
        }
    }

    /// <summary>Puts a feature before the one that is there. What is returned puts that back.</summary>
    private static Action Put(HttpContext http, Func<IHttpRequestLifetimeFeature, IHttpRequestLifetimeFeature> make)
    {
        var inner = http.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        http.Features.Set(make(inner));
        return () => http.Features.Set(inner);
    }

    private static Context[] Ask(Context ctx, HttpContext http) =>
    [
        ctx,
        http.RequestContext,
        http.RequestServices.GetRequiredService<Shapes.Taker>().Context,
        http.RequestServices.GetRequiredService<IContextAccessor>().Current!,
    ];

    /// <summary>As applications write it: it stands before another feature, maybe with a token of its own.</summary>
    private sealed class Feature(IHttpRequestLifetimeFeature inner, CancellationToken? token) : IHttpRequestLifetimeFeature
    {
        private CancellationToken? _token = token;

        internal int Aborts { get; private set; }

        public CancellationToken RequestAborted
        {
            get => _token ?? inner.RequestAborted;
            set
            {
                if (_token is null)
                {
                    inner.RequestAborted = value;
                }
                else
                {
                    _token = value;
                }
            }
        }

        public void Abort()
        {
            Aborts++;
            inner.Abort();
        }
    }
}
