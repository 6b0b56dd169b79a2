namespace Baton.AspNetCore.Tests;

/// <summary>A context by constructor injection and by <see cref="IContextAccessor"/>.</summary>
public sealed class InjectionTests
{
    [Fact]
    public async Task With_an_accessor_of_requests_any_scoped_service_gets_it()
    {
        await using var server = await StartAsync(static builder =>
            builder.Services.AddHttpContextAccessor());

        Assert.Equal("true", await server.Client.GetStringAsync("/service"));
        Assert.Equal("true", await server.Client.GetStringAsync("/service-later"));
        Assert.Equal("true", await server.Client.GetStringAsync("/accessor"));
    }

    [Fact]
    public async Task A_scope_that_ends_within_the_request_ends_no_context_of_it()
    {
        await using var server = await StartAsync(static builder =>
            builder.Services.AddHttpContextAccessor());

        Assert.Equal("false", await server.Client.GetStringAsync("/scope"));
    }

    [Fact]
    public async Task Without_one_the_accessor_finds_none()
    {
        await using var server = await StartAsync();

        Assert.Equal("false", await server.Client.GetStringAsync("/accessor"));
    }

    [Fact]
    public async Task Outside_of_requests_the_accessor_finds_none_and_a_service_says_what_to_do()
    {
        await using var server = await StartAsync(static builder =>
            builder.Services.AddHttpContextAccessor());
        await using var scope = server.Services.CreateAsyncScope();

        Assert.Null(server.Services.GetRequiredService<IContextAccessor>().Current);
        var thrown = Assert.Throws<InvalidOperationException>(() =>
            scope.ServiceProvider.GetRequiredService<Repository>());
        Assert.Contains("scopes.CreateAsyncScope(ctx)", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_a_request_that_did_not_pass_through_UseBaton_the_accessor_finds_none()
    {
        await using var server = await Server.StartBareAsync(
            static app => app.MapGet("/", (IContextAccessor accessor) => accessor.Current is null),
            static builder => builder.Services.AddHttpContextAccessor());

        Assert.Equal("true", await server.Client.GetStringAsync("/"));
    }

    private static Task<Server> StartAsync(Action<WebApplicationBuilder>? configure = null) =>
        Server.StartAsync(
            static app =>
            {
                app.MapGet("/service", (Repository repository, HttpContext http) =>
                    repository.Ctx == http.RequestContext);
                app.MapGet("/service-later", async (IServiceProvider services, HttpContext http) =>
                {
                    await Task.Yield();
                    return services.GetRequiredService<Repository>().Ctx == http.RequestContext;
                });
                app.MapGet("/scope", (IServiceScopeFactory scopes, Context ctx) =>
                {
                    using (var scope = scopes.CreateAsyncScope(ctx))
                    {
                        Assert.Same(ctx, scope.ServiceProvider.GetRequiredService<Context>());
                    }

                    return ctx.IsDone;
                });
                app.MapGet("/accessor", (IContextAccessor accessor, HttpContext http) =>
                    accessor.Current == http.RequestContext);
            },
            builder =>
            {
                builder.Services.AddScoped<Repository>();
                configure?.Invoke(builder);
            });

    public sealed class Repository(Context ctx)
    {
        public Context Ctx { get; } = ctx;
    }
}
