using System.Net.ServerSentEvents;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;

namespace Baton.AspNetCore.Tests;

/// <summary>
/// Web sockets, server-sent events and long polling: a context lives as long as its handler.
/// </summary>
public sealed class StreamTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource<Context> _given =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception?> _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_a_web_socket_it_ends_when_the_handler_has_returned_or_the_client_has_gone(
        bool isClosed)
    {
        await using var server = await StartAsync();
        using var client = new ClientWebSocket();
        await client.ConnectAsync(
            new UriBuilder(server.Client.BaseAddress!) { Scheme = "ws", Path = "/socket" }.Uri, Token);
        var ctx = await WaitFor.Result(_given.Task);

        _clock.Advance(10 * s_timeout);
        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Token);
        var echo = await WaitFor.Result(client.ReceiveAsync(new byte[10], Token));
        Assert.Equal(5, echo.Count);
        Assert.False(ctx.IsDone);
        if (isClosed)
        {
            await WaitFor.Completion(client.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Token));
        }
        else
        {
            client.Abort();
        }

        await WaitFor.True(() => ctx.IsDone);
        Assert.Equal(isClosed, ctx.Cause is RequestCompletedException);
        Assert.Equal(!isClosed, ctx.Cause is ClientDisconnectedException);
    }

    [Fact]
    public async Task Of_server_sent_events_it_ends_when_the_client_has_gone()
    {
        await using var server = await StartAsync();

        using (var stream = await server.Client.GetStreamAsync("/events"))
        {
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(Token))
            {
                Assert.Equal("tick", item.Data);
                _clock.Advance(10 * s_timeout);
                Assert.False((await WaitFor.Result(_given.Task)).IsDone);
                break;
            }
        }

        Assert.IsType<ClientDisconnectedException>(await WaitFor.Result(_ended.Task));
    }

    [Fact]
    public async Task A_long_poll_waits_as_long_as_it_says()
    {
        await using var server = await StartAsync();

        var running = server.Client.GetStringAsync("/poll");
        await WaitFor.Result(_given.Task);
        _clock.Advance(30 * s_timeout);

        Assert.Equal("nothing new", await WaitFor.Result(running));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<Server> StartAsync() => Server.StartAsync(
        _clock,
        app =>
        {
            app.UseWebSockets();
            app.MapGet("/socket", async (HttpContext http, Context ctx) =>
            {
                try
                {
                    await EchoAsync(http, ctx);
                }
                catch (WebSocketException)
                {
                    // How a client's leave reaches whoever receives: before or after the context is done.
                    await Select.Done(ctx);
                }
            }).DisableRequestTimeout();
            app.MapGet("/events", (Context ctx) => TypedResults.ServerSentEvents(TicksAsync(ctx)))
                .DisableRequestTimeout();
            app.MapGet("/poll", async (Context ctx) =>
            {
                var news = ctx.Delay(30 * s_timeout);
                _given.SetResult(ctx);
                await news;
                return "nothing new";
            }).DisableRequestTimeout();
        },
        static options => options.Timeout = s_timeout);

    private async Task EchoAsync(HttpContext http, Context ctx)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        _given.SetResult(ctx);
        var buffer = new byte[100];
        while (await socket.ReceiveAsync(buffer, ctx)
            is { MessageType: not WebSocketMessageType.Close } message)
        {
            await socket.SendAsync(
                buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, ctx);
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", ctx);
    }

    private async IAsyncEnumerable<string> TicksAsync(
        Context ctx, [EnumeratorCancellation] CancellationToken token = default)
    {
        try
        {
            _given.SetResult(ctx);
            yield return "tick";
            await Select.Done(ctx);
            token.ThrowIfCancellationRequested();
        }
        finally
        {
            _ended.SetResult(ctx.Cause);
        }
    }
}
