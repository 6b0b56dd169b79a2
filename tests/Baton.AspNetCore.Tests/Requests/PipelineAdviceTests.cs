using System.Net;

namespace Baton.AspNetCore.Tests;

/// <summary>Pipelines in which something has no effect: the log says once what to type.</summary>
public sealed class PipelineAdviceTests
{
    private const string RequestTimeouts = "Remove app.UseRequestTimeouts()";
    private const string Routing = "Call app.UseBaton() after app.UseRouting()";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UseRequestTimeouts_that_was_left_in_is_told_once(bool isFirst)
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

                app.MapGet("/", static (Context ctx) => !ctx.IsDone);
            },
            static builder => builder.Services.AddRequestTimeouts(static options =>
                options.DefaultPolicy = new() { Timeout = TimeSpan.FromHours(1) }),
            expectedError: RequestTimeouts);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("true", await server.Client.GetStringAsync("/"));
        }

        Assert.Single(server.Logs, static line => line.Contains(RequestTimeouts, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/timeout")]
    [InlineData("/response")]
    public async Task UseBaton_before_UseRouting_is_told_once_if_an_endpoint_says_more(string path)
    {
        await using var server = await StartUnroutedAsync(expectedError: Routing);

        Assert.Equal("true", await server.Client.GetStringAsync("/plain"));
        Assert.DoesNotContain(server.Logs, IsRouting);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("true", await server.Client.GetStringAsync(path));
        }

        var line = Assert.Single(server.Logs, IsRouting);
        Assert.Contains(path, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseBaton_before_UseRouting_is_told_also_if_asynchronous_middleware_stands_between()
    {
        await using var server = await Server.StartBareAsync(
            static app =>
            {
                app.UseBaton();
                app.Use(static async (http, next) =>
                {
                    await Task.Yield();
                    await next(http);
                });
                app.UseRouting();
                Map(app);
            },
            expectedError: Routing);

        Assert.Equal("true", await server.Client.GetStringAsync("/timeout"));

        await WaitFor.True(() => server.Logs.Any(IsRouting));
        Assert.Contains("/timeout", Assert.Single(server.Logs, IsRouting), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/plain")]
    [InlineData("/untimed")]
    [InlineData("/missing")]
    public async Task Nothing_is_told_of_an_endpoint_for_which_the_order_makes_no_difference(string path)
    {
        await using var server = await StartUnroutedAsync();

        using var response = await server.Client.GetAsync(path);

        Assert.Equal(path == "/missing" ? HttpStatusCode.NotFound : HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_told_of_the_usual_order_nor_of_other_middleware(bool routesItself)
    {
        await using var server = await Server.StartBareAsync(app =>
        {
            if (routesItself)
            {
                app.UseRouting();
            }

            app.UseBaton();
            app.Use(static async (http, next) =>
            {
                using var own = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
                http.RequestAborted = own.Token;
                await next(http);
            });
            Map(app);
        });

        foreach (var path in new[] { "/plain", "/timeout", "/response", "/untimed" })
        {
            Assert.Equal("true", await server.Client.GetStringAsync(path));
        }
    }

    [Fact]
    public async Task An_endpoint_that_is_short_circuited_says_so_when_it_asks_for_its_context()
    {
        const string Advice = "Remove .ShortCircuit() from the endpoint";
        await using var server = await Server.StartAsync(
            static app =>
            {
                app.MapGet("/", static (Context ctx) => !ctx.IsDone).ShortCircuit();
                app.MapGet("/plain", static () => true).ShortCircuit();
            },
            expectedError: Advice);

        using var response = await server.Client.GetAsync("/");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains(server.Logs, static line => line.Contains(Advice, StringComparison.Ordinal));
        Assert.Equal("true", await server.Client.GetStringAsync("/plain"));
    }

    private static bool IsRouting(string line) => line.Contains(Routing, StringComparison.Ordinal);

    private static Task<Server> StartUnroutedAsync(string? expectedError = null) => Server.StartBareAsync(
        static app =>
        {
            app.UseBaton();
            app.UseRouting();
            Map(app);
        },
        expectedError: expectedError);

    private static void Map(WebApplication app)
    {
        app.MapGet("/plain", static (Context ctx) => !ctx.IsDone);
        app.MapGet("/timeout", static (Context ctx) => !ctx.IsDone)
            .WithRequestTimeout(TimeSpan.FromHours(1));
        app.MapGet("/response", static (Context ctx) => !ctx.IsDone)
            .WithCancellationResponse(static (_, response) => response.StatusCode = 418);
        app.MapGet("/untimed", static (Context ctx) => !ctx.IsDone).DisableRequestTimeout();
    }
}
