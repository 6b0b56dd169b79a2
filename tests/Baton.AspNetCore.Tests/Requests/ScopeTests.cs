using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;

namespace Baton.AspNetCore.Tests;

/// <summary>Scopes of services, and the context that belongs to each.</summary>
public sealed class ScopeTests
{
    private static readonly ContextKey<string> s_key = new("key");

    [Fact]
    public async Task The_services_of_a_request_are_the_containers_own()
    {
        await using var server = await Server.StartAsync(app => app.MapGet("/", (Context ctx, HttpContext http) =>
        {
            using var scope = http.RequestServices.CreateScope();
            return http.RequestServices.GetType() == scope.ServiceProvider.GetType() && !ctx.IsDone;
        }));

        Assert.Equal("true", await server.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task Tasks_side_by_side_get_the_same_scoped_services_and_all_scopes_are_disposed()
    {
        const int Requests = 300;
        var scopes = new RequestServicesTests.Scopes();
        var wrong = new ConcurrentQueue<string>();
        await using var server = await Server.StartAsync(
            app => app.MapGet("/", async (Context ctx, HttpContext http) =>
            {
                var features = http.Features.Get<IServiceProvidersFeature>()!;
                var found = new ConcurrentBag<object>();
                using var go = new Barrier(4);
                await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                    () =>
                    {
                        go.SignalAndWait();
                        found.Add(features.RequestServices.GetRequiredService<RequestServicesTests.Made>());
                    },
                    CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
                if (ctx.IsDone || found.Distinct().Count() != 1)
                {
                    wrong.Enqueue(http.TraceIdentifier);
                }
            }),
            builder =>
            {
                builder.Services.AddScoped<RequestServicesTests.Made>();
                builder.Services.AddSingleton(scopes);
            });

        for (var i = 0; i < Requests; i++)
        {
            await server.Client.GetStringAsync("/");
        }

        Assert.Empty(wrong);
        await WaitFor.True(() => scopes.Disposed == Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Middleware_that_puts_the_scope_of_a_tenant_in_their_place_keeps_working(bool isOutside)
    {
        await using var server = await Server.StartBareAsync(
            app =>
            {
                if (isOutside)
                {
                    app.Use(Tenant);
                }

                app.UseBaton();
                if (!isOutside)
                {
                    app.Use(Tenant);
                }

                app.MapGet("/", (Context ctx, Shapes.Taker taker, HttpContext http) =>
                    ctx == taker.Context && ctx == http.RequestContext && !ctx.IsDone
                    && http.Items["scope"] == http.RequestServices);
            },
            builder => builder.Services.AddScoped<Shapes.Taker>());

        Assert.Equal("true", await server.Client.GetStringAsync("/"));

        static async Task Tenant(HttpContext http, RequestDelegate next)
        {
            var before = http.RequestServices;
            await using var scope = before.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
            http.RequestServices = scope.ServiceProvider;
            http.Items["scope"] = scope.ServiceProvider;
            try
            {
                await next(http);
            }
            finally
            {
                http.RequestServices = before;
            }
        }
    }

    [Fact]
    public async Task A_container_of_a_tenant_that_knows_nothing_of_Baton_keeps_working()
    {
        await using var tenant = new ServiceCollection().AddSingleton("tenant").BuildServiceProvider();
        await using var server = await Server.StartAsync(app =>
        {
            app.Use((http, next) =>
            {
                http.RequestServices = tenant;
                return next(http);
            });
            app.MapGet("/", (HttpContext http) =>
                http.RequestServices.GetRequiredService<string>() + http.RequestContext.IsDone);
        });

        Assert.Equal("tenantFalse", await server.Client.GetStringAsync("/"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_kept_for_OnCompleted_is_not_disposed_yet(bool takesContext)
    {
        var seen = new ConcurrentQueue<bool>();
        await using var server = await Server.StartAsync(
            app =>
            {
                app.MapGet("/True", (HttpContext http, Context ctx) => Keep(http, ctx.IsDone));
                app.MapGet("/False", (HttpContext http) => Keep(http, isDone: false));
            },
            builder => builder.Services.AddScoped<Disposed>());

        await server.Client.GetStringAsync($"/{takesContext}");
        await WaitFor.True(() => seen.Count == 2);

        Assert.Equal([false, false], seen);

        void Keep(HttpContext http, bool isDone)
        {
            var kept = http.RequestServices;
            seen.Enqueue(isDone);
            http.Response.OnCompleted(() =>
            {
                seen.Enqueue(kept.GetRequiredService<Disposed>().IsDisposed);
                return Task.CompletedTask;
            });
        }
    }

    [Fact]
    public async Task A_scope_that_middleware_outside_has_made_knows_the_context()
    {
        await using var server = await Server.StartBareAsync(
            app =>
            {
                app.Use((http, next) =>
                {
                    http.Items["services"] = http.RequestServices;
                    return next(http);
                });
                app.UseBaton();
                app.MapGet("/", (HttpContext http) =>
                    ((IServiceProvider)http.Items["services"]!).GetRequiredService<Shapes.Taker>().Context
                    == http.RequestContext);
            },
            builder => builder.Services.AddScoped<Shapes.Taker>());

        Assert.Equal("true", await server.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task In_a_scope_made_for_a_context_services_get_that_and_the_scope_does_not_end_it()
    {
        await using var services = new ServiceCollection().AddBaton().AddScoped<Shapes.Taker>()
            .BuildServiceProvider(validateScopes: true);
        using var ctx = Context.Background.WithValue(s_key, "value").WithCancel();
        await using (var scope = services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope(ctx))
        {
            var given = scope.ServiceProvider.GetRequiredService<Shapes.Taker>().Context;
            Assert.Equal("value", given.Value(s_key));
            Assert.Equal(ctx.Done, given.Done);
            Assert.Equal(ctx.ToString(), given.ToString());
            Assert.False(given is IDisposable);
        }

        Assert.False(ctx.IsDone);
    }

    [Fact]
    public async Task A_scope_for_a_context_needs_AddBaton_and_both_arguments()
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        var scopes = services.GetRequiredService<IServiceScopeFactory>();

        var thrown = Assert.Throws<InvalidOperationException>(() => scopes.CreateAsyncScope(Context.Background));
        Assert.Contains("AddBaton()", thrown.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => scopes.CreateAsyncScope(null!));
        Assert.Throws<ArgumentNullException>(() =>
            default(IServiceScopeFactory)!.CreateAsyncScope(Context.Background));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_scope_that_a_worker_makes_for_nothing_says_how_to_make_it(bool isValidated)
    {
        await using var services = new ServiceCollection().AddBaton().AddScoped<Shapes.Taker>()
            .BuildServiceProvider(isValidated);
        await using var scope = services.CreateAsyncScope();

        var thrown = Assert.Throws<InvalidOperationException>(() =>
            scope.ServiceProvider.GetRequiredService<Shapes.Taker>());

        Assert.Contains("scopes.CreateAsyncScope(ctx)", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_singleton_that_takes_a_context_fails_at_start_up_and_is_told_the_way_out()
    {
        foreach (var add in new Action<IServiceCollection>[]
        {
            static services => services.AddSingleton<Shapes.Taker>(),
            static services => services.AddKeyedSingleton<Shapes.Taker>("key"),
            static services => services.AddHostedService<Worker>(),
        })
        {
            var builder = Server.Builder();
            builder.Services.AddBaton();
            add(builder.Services);
            var app = builder.Build();

            var thrown = Assert.Throws<InvalidOperationException>(() => app.UseBaton());

            Assert.Contains("The singleton Baton.AspNetCore.Tests.", thrown.Message, StringComparison.Ordinal);
            Assert.Contains("Register it as scoped", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_singleton_that_gets_one_through_another_service_fails_when_it_is_made(
        bool isValidated, bool hasAccessor)
    {
        await using var server = await Server.StartAsync(
            app => app.MapGet("/", (HttpContext http) => Assert.Throws<InvalidOperationException>(() =>
                http.RequestServices.GetRequiredService<Shelf>()).Message),
            builder =>
            {
                builder.Host.UseDefaultServiceProvider(services =>
                    services.ValidateScopes = services.ValidateOnBuild = isValidated);
                builder.Services.AddTransient<Shapes.Taker>().AddSingleton<Shelf>();
                if (hasAccessor)
                {
                    builder.Services.AddHttpContextAccessor();
                }
            });

        for (var i = 0; i < 2; i++)
        {
            Assert.Contains(
                "Register it as scoped or transient", await server.Client.GetStringAsync("/"),
                StringComparison.Ordinal);
        }
    }

    /// <summary>As that of a handler of <c>IHttpClientFactory</c>, which lives for minutes.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_scope_that_outlives_requests_never_takes_the_context_of_the_one_that_runs(bool hasAccessor)
    {
        await using var server = await Server.StartAsync(
            static app => app.MapGet("/", async (IHttpClientFactory clients) =>
            {
                var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() =>
                    Task.FromResult(clients.CreateClient("other")));
                return thrown.Message;
            }),
            builder =>
            {
                builder.Services.AddTransient<TenantHandler>();
                builder.Services.AddHttpClient("other").AddHttpMessageHandler<TenantHandler>();
                if (hasAccessor)
                {
                    builder.Services.AddHttpContextAccessor();
                }
            });

        Assert.Contains(
            "a handler of IHttpClientFactory", await server.Client.GetStringAsync("/"), StringComparison.Ordinal);
    }

    internal sealed class TenantHandler(Context ctx) : DelegatingHandler
    {
        internal Context Context => ctx;
    }

    internal sealed class Shelf(Shapes.Taker taker)
    {
        internal Shapes.Taker Taker => taker;
    }

    internal sealed class Disposed : IDisposable
    {
        internal bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    internal sealed class Worker(Context ctx) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Delay(-1, ctx);
    }
}
