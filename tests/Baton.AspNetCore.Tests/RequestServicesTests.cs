namespace Baton.AspNetCore.Tests;

/// <summary>The services of a request whose handler takes its context.</summary>
public sealed class RequestServicesTests
{
    [Fact]
    public async Task Services_of_every_sort_are_found_beside_the_context()
    {
        await using var server = await Server.StartAsync(
            app => app.MapGet("/", (Context ctx, HttpContext http, [FromKeyedServices("key")] Made keyed) =>
            {
                var services = http.RequestServices;
                Assert.Same(ctx, services.GetRequiredService<Context>());
                Assert.Same(ctx, keyed.Context);
                Assert.Null(services.GetService<Random>());
                Assert.Null(services.GetKeyedService<Random>("key"));
                Assert.Same(services.GetRequiredService<Made>(), services.GetRequiredService<Made>());
                using var scope = services.CreateScope();
                Assert.Same(services.GetRequiredService<Scopes>(),
                    scope.ServiceProvider.GetRequiredService<Scopes>());
                return "all";
            }),
            builder => builder.Services.AddScoped<Made>().AddKeyedScoped<Made>("key").AddSingleton<Scopes>());

        Assert.Equal("all", await server.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task What_the_services_have_made_is_disposed_with_the_request()
    {
        var scopes = new Scopes();
        await using var server = await Server.StartAsync(
            app => app.MapGet("/", (Context ctx, Made made) => made.Context == ctx),
            builder => builder.Services.AddScoped<Made>().AddSingleton(scopes));

        await server.Client.GetStringAsync("/");
        await WaitFor.True(() => scopes.Disposed == 1);
    }

    [Fact]
    public async Task Services_that_were_put_in_place_are_kept()
    {
        await using var own = new ServiceCollection().AddBaton().AddSingleton("own").BuildServiceProvider();
        await using var scope = own.CreateAsyncScope();
        await using var server = await Server.StartBareAsync(app =>
        {
            app.Use((http, next) =>
            {
                http.RequestServices = scope.ServiceProvider;
                return next(http);
            });
            app.UseBaton();
            app.MapGet("/", (Context ctx, HttpContext http) =>
                http.RequestServices.GetRequiredService<Context>() == ctx
                    ? http.RequestServices.GetRequiredService<string>()
                    : "lost");
        });

        Assert.Equal("own", await server.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task Services_that_were_kept_are_disposed_with_the_request()
    {
        IServiceProvider? kept = null;
        await using var server = await Server.StartAsync(app =>
            app.MapGet("/", (Context ctx, HttpContext http) =>
            {
                kept = http.RequestServices;
                return ctx.IsDone;
            }));

        await server.Client.GetStringAsync("/");
        await WaitFor.True(() =>
        {
            try
            {
                return kept!.GetService<Random>() is not null;
            }
            catch (ObjectDisposedException)
            {
                return true;
            }
        });
    }

    [Fact]
    public async Task After_the_handler_the_request_has_services_as_without_a_context()
    {
        var after = new TaskCompletionSource<string>();
        await using var server = await Server.StartBareAsync(
            app =>
            {
                app.Use(async (http, next) =>
                {
                    await next(http);
                    after.SetResult(http.RequestServices.GetRequiredService<string>());
                });
                app.UseBaton();
                app.MapGet("/", (Context ctx) => ctx.IsDone);
            },
            builder => builder.Services.AddScoped(_ => "made"));

        await server.Client.GetStringAsync("/");

        Assert.Equal("made", await WaitFor.Result(after.Task));
    }

    /// <summary>Counts the scopes that are gone, of those that have made something.</summary>
    internal sealed class Scopes
    {
        private int _disposed;

        internal int Disposed => Volatile.Read(ref _disposed);

        internal void Remove() => Interlocked.Increment(ref _disposed);
    }

    internal sealed class Made(Scopes scopes, Context ctx) : IDisposable
    {
        internal Context Context => ctx;

        public void Dispose() => scopes.Remove();
    }
}
