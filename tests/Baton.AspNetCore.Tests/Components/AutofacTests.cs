using Autofac;
using Autofac.Extensions.DependencyInjection;

namespace Baton.AspNetCore.Tests;

/// <summary>Autofac as the application's container.</summary>
public sealed class AutofacTests
{
    [Fact]
    public async Task The_services_are_Autofacs_own_and_have_the_context()
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
}
