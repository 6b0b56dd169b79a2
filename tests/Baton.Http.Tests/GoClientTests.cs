
namespace Baton.Http.Tests;

/// <summary>
/// What Go's tests of its client assert and no other class here: see the table in docs/aspnetcore-matrix.md.
/// </summary>
public sealed class GoClientTests
{
    [Fact]
    public async Task A_cancel_while_the_client_is_redirected_ends_the_next_request()
    {
        using var ctx = Context.Background.WithCancel();
        await using var hosts = await Hosts.StartAsync();
        hosts.Serve = async http =>
        {
            if (http.Request.Path == "/from")
            {
                http.Response.Redirect("/to");
                return;
            }

            ctx.Cancel();
            await new TaskCompletionSource().Task.WaitAsync(http.RequestAborted);
        };
        using var client = new HttpClient(new BatonHandler(new SocketsHttpHandler()));

        await Assert.ThrowsAsync<ContextCanceledException>(() =>
            WaitFor.Result(client.GetAsync(ctx, new Uri(hosts.First, "/from"))));

        Assert.Equal(2, hosts.Arrivals.Length);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task The_clients_own_timeout_in_the_body_is_what_it_is_without_Baton(string version)
    {
        await using var peer = await Peer.StartAsync(version);
        using var client = peer.Client();
        client.Timeout = TimeSpan.FromMilliseconds(200);
        using var ctx = Context.Background.WithCancel();

        var error = await Assert.ThrowsAsync<TaskCanceledException>(() =>
            WaitFor.Result(client.GetStringAsync(ctx, "/endless")));

        Assert.IsType<TimeoutException>(error.InnerException);
        Assert.False(ctx.IsDone);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_deadline_lets_go_of_the_exchange_before_the_headers_and_after(string version)
    {
        foreach (var path in (string[])["/silent", "/endless"])
        {
            await using var peer = await Peer.StartAsync(version);
            using var client = peer.Client();
            using var ctx = Context.Background.WithTimeout(TimeSpan.FromMilliseconds(200));

            await Assert.ThrowsAsync<DeadlineExceededException>(() =>
                WaitFor.Result(client.GetStringAsync(ctx, path)));

            await WaitFor.Completion(peer.Left);
        }
    }

    [Fact]
    public async Task A_context_that_is_canceled_late_leaves_the_next_request_of_its_connection_alone()
    {
        await using var server = await Server.StartBareAsync(
            static app => app.MapGet("/", static async (HttpContext http) =>
            {
                await Task.Yield();
                return http.Connection.Id;
            }),
            static builder => Wire.Configure(builder, "1.1"));
        using var client = new HttpClient(
            new BatonHandler(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }))
        {
            BaseAddress = server.Client.BaseAddress,
        };
        var connection = await WaitFor.Result(client.GetStringAsync(Context.Background, "/"));
        for (var i = 0; i < 500; i++)
        {
            using var first = Context.Background.WithCancel();
            Assert.Equal(connection, await WaitFor.Result(client.GetStringAsync(first, "/")));
            using var second = Context.Background.WithCancel();
            var calling = client.GetStringAsync(second, "/");

            first.Cancel();

            Assert.Equal(connection, await WaitFor.Result(calling));
        }
    }

    [Fact]
    public async Task A_cancel_while_the_client_connects_is_the_contexts_own_exception()
    {
        var connecting = new TaskCompletionSource();
        using var client = new HttpClient(new BatonHandler(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                connecting.SetResult();
                await Task.Delay(Timeout.Infinite, token);
                return Stream.Null;
            },
        }));
        using var ctx = Context.Background.WithCancel();
        var calling = client.GetAsync(ctx, "http://127.0.0.1:9/");
        await WaitFor.Completion(connecting.Task);

        ctx.Cancel();

        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Result(calling));
    }
}
