using Microsoft.AspNetCore.Connections.Features;

namespace Baton.AspNetCore.Tests;

/// <summary>
/// Requests that ask for their context only between two waits, where the middleware cannot see it.
/// </summary>
public sealed class LateTests
{
    [Fact]
    public async Task After_the_first_of_an_endpoint_that_does_they_are_looked_after_to_their_end()
    {
        var isDone = false;
        using var root = Context.Background.WithCancel();
        await using var server = await Server.StartBareAsync(
            app =>
            {
                app.Use(async (http, next) =>
                {
                    await next(http);
                    isDone = http.RequestContext.IsDone;
                });
                app.UseBaton();
                app.MapGet("/", async (HttpContext http) =>
                {
                    await Task.Yield();
                    var ctx = http.RequestContext;
                    await Task.Yield();
                    return ctx.IsDone;
                });
                app.MapGet("/throws", async (HttpContext http) =>
                {
                    await Task.Yield();
                    http.RequestContext.ThrowIfDone();
                    await Task.Yield();
                });
            },
            builder => builder.Services.AddBaton(options => options.BaseContext = root));

        Assert.Equal("false", await server.Client.GetStringAsync("/"));
        Assert.Equal("false", await server.Client.GetStringAsync("/"));
        await WaitFor.True(() => isDone);
        await server.Client.GetStringAsync("/throws");
        root.Cancel(new ServerShutdownException());
        using var answer = await server.Client.GetAsync("/throws");

        Assert.Equal(503, (int)answer.StatusCode);
        Assert.All(
            server.Logs, static line => Assert.StartsWith("Information", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("HTTP/3", 268L, 268L)]
    [InlineData("HTTP/3", -1L, null)]
    [InlineData("HTTP/2", 268L, null)]
    public void The_code_with_which_a_stream_of_HTTP_3_was_reset_is_in_the_cause(
        string protocol, long code, long? errorCode)
    {
        using var left = new CancellationTokenSource();
        var http = new DefaultHttpContext { RequestAborted = left.Token };
        http.Request.Protocol = protocol;
        http.Features.Set<IProtocolErrorCodeFeature>(new ErrorCode { Error = code });
        using var services = new ServiceCollection().AddBaton().BuildServiceProvider();
        var server = services.GetRequiredService<BatonServer>();
        var ctx = RequestContext.At(http, server);
        ctx.Begin(server.Plans.Of(null), server.Context, RequestDeadline.None);
        ctx.Look();
        left.Cancel();

        var cause = Assert.IsType<ClientDisconnectedException>(ctx.Cause);
        Assert.Equal(errorCode, cause.ErrorCode);
    }

    private sealed class ErrorCode : IProtocolErrorCodeFeature
    {
        public long Error { get; set; }
    }
}
