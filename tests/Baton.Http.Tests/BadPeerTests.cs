using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Http.Tests;

/// <summary>Whatever the other side does, a call ends by its deadline, and says what ended it.</summary>
public sealed class BadPeerTests
{
    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n.\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\n\r\n")]
    [InlineData("HTTP/1.1 200")]
    public async Task One_that_stops_in_the_middle(string said)
    {
        using var peer = new RawPeer(async socket =>
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(said));
            await socket.ReceiveAsync(new byte[10_000]);
            await socket.ReceiveAsync(new byte[10_000]);
        });

        await Assert.ThrowsAsync<DeadlineExceededException>(() => CallAsync(peer.Address));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    public async Task One_that_never_ends(string said)
    {
        using var peer = new RawPeer(async socket =>
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(said));
            while (true)
            {
                await socket.SendAsync("1\r\n.\r\n"u8.ToArray());
            }
        });

        // Text that is no answer is refused as soon as the client has seen it; an answer without an end is
        // not.
        var error = await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(peer.Address));
        Assert.IsType(said == "x" ? typeof(HttpRequestException) : typeof(DeadlineExceededException), error);
    }

    [Fact]
    public async Task One_that_never_ends_over_HTTP_2()
    {
        var (begun, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await StartOverHttp2Async(async http =>
        {
            begun.SetResult();
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.WriteAsync(".");
                await http.Response.Body.FlushAsync();
            }

            left.SetResult();
        });
        using var client = Wire.Client(server.Client.BaseAddress!, "2.0");
        var clock = new FakeTimeProvider();
        using var ctx = Context.Root(clock).WithTimeout(TimeSpan.FromHours(1));
        var calling = client.GetAsync(ctx, "/");
        await WaitFor.Completion(begun.Task);

        clock.Advance(TimeSpan.FromHours(1));

        await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Result(calling));
        await WaitFor.Completion(left.Task);
    }

    [Fact]
    public async Task One_with_headers_of_a_megabyte_over_HTTP_2()
    {
        await using var server = await StartOverHttp2Async(static http =>
        {
            http.Response.Headers["X-Long"] = new string('x', 1 << 20);
            return Task.CompletedTask;
        });
        using var client = Wire.Client(server.Client.BaseAddress!, "2.0");
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromMinutes(10));

        await Assert.ThrowsAsync<HttpRequestException>(() => WaitFor.Result(client.GetAsync(ctx, "/")));
    }

    [Fact]
    public async Task One_with_headers_of_a_megabyte()
    {
        using var peer = new RawPeer(async socket =>
        {
            await socket.ReceiveAsync(new byte[10_000]);
            await socket.SendAsync(
                Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nX-Long: {new string('x', 1 << 20)}\r\n\r\n"));
        });

        await Assert.ThrowsAsync<HttpRequestException>(() =>
            CallAsync(peer.Address, TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public async Task One_that_resets_the_connection_in_the_body()
    {
        using var peer = new RawPeer(async socket =>
        {
            await socket.ReceiveAsync(new byte[10_000]);
            await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n..."u8.ToArray());
            socket.LingerState = new LingerOption(true, 0);
        });

        await Assert.ThrowsAsync<HttpRequestException>(() =>
            CallAsync(peer.Address, TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public async Task One_whose_TLS_stalls()
    {
        using var peer = new RawPeer(async socket =>
        {
            await socket.ReceiveAsync(new byte[10_000]);
            await socket.ReceiveAsync(new byte[10_000]);
        });

        await Assert.ThrowsAsync<DeadlineExceededException>(
            () => CallAsync(new UriBuilder(peer.Address) { Scheme = "https" }.Uri));
    }

    [Fact]
    public async Task One_whose_name_nobody_answers_for()
    {
        // What looks a name up and opens a socket, and here takes no notice of its token either.
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = static async (_, _) =>
            {
                await new TaskCompletionSource().Task;
                return Stream.Null;
            },
        };

        await Assert.ThrowsAsync<DeadlineExceededException>(() =>
            CallAsync(new Uri("http://orders.internal/"), handler: handler));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task One_that_takes_no_notice_of_a_cancel(string version)
    {
        var never = new TaskCompletionSource();
        await using var server = await Server.StartBareAsync(
            app => app.MapGet("/", () => never.Task), builder => Wire.Configure(builder, version));
        using var client = Wire.Client(server.Client.BaseAddress!, version);
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Result(client.GetAsync(ctx, "/")));

        never.SetResult();
    }

    private static Task<Server> StartOverHttp2Async(RequestDelegate answer) =>
        Server.StartBareAsync(app => app.MapGet("/", answer), Server.OverHttp2);

    private static async Task CallAsync(
        Uri address, TimeSpan? timeout = null, SocketsHttpHandler? handler = null)
    {
        using var client = new HttpClient(new BatonHandler(handler ?? new SocketsHttpHandler()));
        using var ctx = Context.Background.WithTimeout(timeout ?? TimeSpan.FromMilliseconds(100));
        await WaitFor.Result(client.GetAsync(ctx, address));
    }

    /// <summary>A socket that is listened at, and what it says to each that comes.</summary>
    private sealed class RawPeer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        internal RawPeer(Func<Socket, Task> talk)
        {
            _listener.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
            _ = TalkAsync(talk);
        }

        internal Uri Address { get; }

        public void Dispose() => _listener.Dispose();

        private async Task TalkAsync(Func<Socket, Task> talk)
        {
            try
            {
                while (true)
                {
                    using var socket = await _listener.AcceptSocketAsync();
                    await talk(socket);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The client has gone, or the test is over.
            }
        }
    }
}
