using System.Collections.Concurrent;
using System.Net;

namespace Baton.AspNetCore.Tests;

public sealed class RequestContextTests
{
    [Fact]
    public async Task It_is_the_same_context_wherever_the_request_goes()
    {
        Context? inMiddleware = null, first = null, second = null;
        await using var server = await Server.StartAsync(app =>
        {
            app.Use((http, next) =>
            {
                inMiddleware = http.RequestContext;
                return next(http);
            });
            app.MapGet("/", async (HttpContext http) =>
            {
                first = http.RequestContext;
                await Task.Yield();
                second = http.RequestContext;
            });
        });

        await server.Client.GetStringAsync("/");

        Assert.NotNull(first);
        Assert.Same(inMiddleware, first);
        Assert.Same(first, second);
    }

    [Fact]
    public async Task It_is_live_and_without_deadline_while_the_handler_runs()
    {
        await using var server = await Server.StartAsync(app =>
            app.MapGet("/", (HttpContext http) =>
            {
                var ctx = http.RequestContext;
                return $"{ctx.IsDone} {ctx.Err is null} {ctx.Deadline is null} {ctx.Done.CanBeCanceled}";
            }));

        Assert.Equal("False True True True", await server.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task Each_request_of_a_connection_has_its_own()
    {
        var seen = new ConcurrentQueue<(string Connection, Context Context)>();
        await using var server = await Server.StartAsync(app =>
            app.MapGet("/", (HttpContext http) => seen.Enqueue((http.Connection.Id, http.RequestContext))));

        await server.Client.GetStringAsync("/");
        await server.Client.GetStringAsync("/");

        var requests = seen.ToArray();
        Assert.Equal(2, requests.Length);
        Assert.Equal(requests[0].Connection, requests[1].Connection);
        Assert.NotSame(requests[0].Context, requests[1].Context);
    }

    [Fact]
    public void Of_no_request_it_is_an_argument_error()
    {
        HttpContext none = null!;

        var thrown = Assert.Throws<ArgumentNullException>(() => none.RequestContext);

        Assert.Equal("httpContext", thrown.ParamName);
    }

    [Fact]
    public async Task Before_UseBaton_the_error_says_what_to_call()
    {
        InvalidOperationException? thrown = null;
        await using var server = await Server.StartBareAsync(app =>
        {
            app.Use((http, next) =>
            {
                thrown = Assert.Throws<InvalidOperationException>(() => http.RequestContext);
                return next(http);
            });
            app.UseBaton();
            app.MapGet("/", (HttpContext http) => http.RequestContext.ToString());
        });

        Assert.Equal("Background.WithCancel.WithCancel", await server.Client.GetStringAsync("/"));
        Assert.Contains("Call app.UseBaton()", thrown?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_UseBaton_the_error_says_what_to_call()
    {
        await using var server = await Server.StartBareAsync(app =>
            app.MapGet("/", (HttpContext http) =>
                Assert.Throws<InvalidOperationException>(() => http.RequestContext).Message));

        Assert.Contains(
            "Call app.UseBaton()", await server.Client.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/property", "Request 'HTTP: GET /property' did not pass through UseBaton(), so it has no context")]
    [InlineData("/parameter", "Request 'HTTP: GET /parameter' did not pass through UseBaton(), so it has no context")]
    public async Task Without_UseBaton_the_response_is_500_and_the_log_says_what_to_call(
        string path, string message)
    {
        await using var server = await Server.StartBareAsync(
            app =>
            {
                app.MapGet("/property", (HttpContext http) => http.RequestContext.ToString());
                app.MapGet("/parameter", (Context ctx) => ctx.ToString());
            },
            expectedError: message);

        using var answer = await server.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains(server.Logs, entry => entry.Contains(message, StringComparison.Ordinal));
    }
}
