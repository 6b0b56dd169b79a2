using System.Net;
using Autofac;
using Autofac.Extensions.DependencyInjection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Hosting;

namespace Baton.AspNetCore.Tests;

/// <summary>Other people's containers and servers.</summary>
public sealed class ComponentTests
{
    [Fact]
    public async Task With_Autofac_the_services_are_Autofacs_own_and_have_the_context()
    {
        await using var server = await Server.StartAsync(
            app =>
            {
                app.MapGet("/root", (HttpContext http) => http.RequestServices.GetAutofacRoot() is ILifetimeScope);
                app.MapGet("/parameter", (Context ctx, Shapes.Taker taker, HttpContext http) =>
                    ctx == taker.Context && ctx == http.RequestContext && !ctx.IsDone);
                app.MapGet("/service", (Shapes.Taker taker, HttpContext http) =>
                    taker.Context == http.RequestContext);
                app.MapGet("/singleton", (HttpContext http) =>
                {
                    var thrown = Assert.ThrowsAny<Exception>(() =>
                        http.RequestServices.GetRequiredService<ScopeTests.Shelf>());
                    return thrown.ToString().Contains("Register it as scoped", StringComparison.Ordinal);
                });
                app.MapGet("/scope", async (IServiceScopeFactory scopes, Context ctx) =>
                {
                    await using (var scope = scopes.CreateAsyncScope(ctx))
                    {
                        Assert.Same(ctx, scope.ServiceProvider.GetRequiredService<Shapes.Taker>().Context);
                    }

                    return !ctx.IsDone;
                });
            },
            builder =>
            {
                builder.Host.UseServiceProviderFactory(new AutofacServiceProviderFactory());
                builder.Services.AddTransient<Shapes.Taker>().AddSingleton<ScopeTests.Shelf>();
            });

        foreach (var path in new[] { "/root", "/parameter", "/service", "/singleton", "/scope" })
        {
            Assert.Equal("true", await server.Client.GetStringAsync(path));
            Assert.Equal("true", await server.Client.GetStringAsync(path));
        }
    }

    [Fact]
    public async Task With_TestServer_requests_have_contexts_as_with_Kestrel()
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
}
