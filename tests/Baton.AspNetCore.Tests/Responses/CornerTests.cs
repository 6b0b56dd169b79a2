using System.Net.WebSockets;

namespace Baton.AspNetCore.Tests;

/// <summary>Responses that are seldom, and ends whose cause is not the usual one.</summary>
public sealed class CornerTests
{
    [Theory]
    [InlineData(204)]
    [InlineData(205)]
    [InlineData(304)]
    public async Task A_status_that_has_no_body_gets_none_and_logs_no_error(int status)
    {
        await using var server = await EndedServer.StartAsync(
            "deadline",
            map: app => app.MapGet("/", (Writers.Gate gate, Context ctx) => gate.WaitAsync(ctx))
                .WithCancellationResponse((_, response) => response.StatusCode = status),
            configure: static builder => builder.Services.AddProblemDetails());

        using var response = await server.SendAndEndAsync("/");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Null(response.Content.Headers.ContentType);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_base_context_canceled_with_an_earlier_requests_timeout_is_a_503()
    {
        var clock = new ArmedClock();
        using var root = Context.Root(clock).WithCancel();
        var given = new TaskCompletionSource<Context>();
        await using var server = await Server.StartAsync(
            app => app.MapGet("/", (Context ctx) =>
            {
                given.TrySetResult(ctx);
                return ctx.Delay(Timeout.InfiniteTimeSpan);
            }).WithRequestTimeout(TimeSpan.FromSeconds(1)),
            builder => builder.Services.AddBaton(options => options.BaseContext = root));

        var first = server.Client.GetAsync("/");
        var ctx = await WaitFor.Result(given.Task);
        clock.Advance(TimeSpan.FromSeconds(1));
        using var timedOut = await WaitFor.Result(first);
        root.Cancel(Assert.IsType<RequestTimeoutException>(ctx.Cause));
        using var later = await WaitFor.Result(server.Client.GetAsync("/"));

        Assert.Equal(504, (int)timedOut.StatusCode);
        Assert.Equal(503, (int)later.StatusCode);
        Assert.Equal("The request was canceled.\n", await later.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_error_beside_a_cancellation_is_not_lost()
    {
        await using var server = await Server.StartAsync(
            static app => app.Map("/", static http =>
            {
                http.RequestContext.Delay(Timeout.InfiniteTimeSpan);
                http.Abort();
                var ran = new TaskCompletionSource();
                ran.SetException(
                [
                    new OperationCanceledException(http.RequestAborted),
                    new InvalidOperationException("provoked"),
                ]);
                return ran.Task;
            }),
            expectedError: "provoked");

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => WaitFor.Result(server.Client.GetAsync("/")));
        await WaitFor.True(() => server.Logs.Any(static line =>
            line.StartsWith("Error", StringComparison.Ordinal)
            && line.Contains("provoked", StringComparison.Ordinal)));
    }

    /// <summary>A client of a service throws with a token of its own, which it has linked.</summary>
    [Fact]
    public async Task A_deadline_that_middleware_has_set_is_a_504_whichever_token_the_exception_has()
    {
        await using var server = await EndedServer.StartAsync("middleware", map: static app =>
            app.MapGet("/", async (Writers.Gate gate, HttpContext http) =>
            {
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
                gate.Given.TrySetResult(http.RequestContext);
                await Task.Delay(Timeout.Infinite, linked.Token);
            }));

        using var response = await server.SendAndEndAsync("/");

        Assert.Equal(504, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("client", true)]
    [InlineData("client", false)]
    [InlineData("http.Abort", true)]
    [InlineData("http.Abort", false)]
    [InlineData("socket.Abort", true)]
    public async Task The_cause_of_a_web_socket_that_breaks_off_is_true(string who, bool isOutside)
    {
        var given = new TaskCompletionSource<Context>();
        var isDone = new TaskCompletionSource();
        var isConnected = new TaskCompletionSource();
        await using var server = await Server.StartBareAsync(app =>
        {
            if (isOutside)
            {
                app.UseWebSockets();
            }

            app.UseBaton();
            if (!isOutside)
            {
                app.UseWebSockets();
            }

            app.Map("/", async http =>
            {
                var ctx = http.RequestContext;
                using (var socket = await http.WebSockets.AcceptWebSocketAsync())
                {
                    given.SetResult(ctx);
                    await isConnected.Task;
                    if (who == "http.Abort")
                    {
                        http.Abort();
                    }
                    else if (who == "socket.Abort")
                    {
                        socket.Abort();
                    }

                    try
                    {
                        await socket.ReceiveAsync(new byte[1], CancellationToken.None);
                    }
                    catch (Exception e) when (e is WebSocketException or OperationCanceledException)
                    {
                    }
                }

                isDone.SetResult();
            });
        });

        var client = new ClientWebSocket();
        await client.ConnectAsync(
            new UriBuilder(server.Client.BaseAddress!) { Scheme = "ws" }.Uri, TestContext.Current.CancellationToken);
        isConnected.SetResult();
        var ctx = await WaitFor.Result(given.Task);
        if (who == "client")
        {
            client.Abort();
        }

        await WaitFor.Completion(isDone.Task);
        await WaitFor.True(() => ctx.IsDone);
        client.Dispose();

        Assert.IsType(
            who == "client" ? typeof(ClientDisconnectedException) : typeof(RequestAbortedException), ctx.Cause);
    }
}
