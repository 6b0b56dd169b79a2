using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace Baton.AspNetCore.Tests;

/// <summary>What ends the contexts of a hub, and with which cause.</summary>
public sealed class HubEndTests
{
    public static TheoryData<HttpTransportType> Transports => HubServer.Transports;

    public static TheoryData<HttpTransportType, string> Streams
    {
        get
        {
            var all = new TheoryData<HttpTransportType, string>();
            foreach (var transport in new[]
            {
                HttpTransportType.WebSockets,
                HttpTransportType.ServerSentEvents,
                HttpTransportType.LongPolling,
            })
            {
                all.Add(transport, "Stream");
                all.Add(transport, "StreamLater");
                all.Add(transport, "Channel");
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_client_that_leaves_has_disconnected(HttpTransportType transport)
    {
        var seen = new HubServer.Seen();
        await using var server = await HubServer.StartAsync(seen);
        var client = await HubServer.ConnectAsync(server, transport);

        var running = client.InvokeAsync("Wait");
        await WaitFor.Completion(seen.Started.Task);
        await client.DisposeAsync();

        Assert.IsType<ClientDisconnectedException>(await WaitFor.Result(seen.Ended.Task));
        await Assert.ThrowsAnyAsync<Exception>(() => WaitFor.Completion(running));
    }

    /// <summary>A client that polls can always poll again, so a break does not end its connection.</summary>
    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    public async Task A_client_whose_network_breaks_has_disconnected(HttpTransportType transport)
    {
        var seen = new HubServer.Seen();
        await using var server = await HubServer.StartAsync(seen);
        using var relay = new Relay(server.Client.BaseAddress!.Port);
        await using var client = await HubServer.ConnectAsync(server, transport, through: relay.Address);

        var running = client.InvokeAsync("Wait");
        await WaitFor.Completion(seen.Started.Task);
        relay.Cut();

        Assert.IsType<ClientDisconnectedException>(await WaitFor.Result(seen.Ended.Task));
        await Assert.ThrowsAnyAsync<Exception>(() => WaitFor.Completion(running));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_hub_that_aborts_its_connection_has_done_so_itself(HttpTransportType transport)
    {
        var seen = new HubServer.Seen();
        await using var server = await HubServer.StartAsync(seen);
        await using var client = await HubServer.ConnectAsync(server, transport);

        var running = client.InvokeAsync("AbortAndWait");

        Assert.IsType<RequestAbortedException>(await WaitFor.Result(seen.Ended.Task));
        await Assert.ThrowsAnyAsync<Exception>(() => WaitFor.Completion(running));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_call_that_runs_when_the_server_stops_has_the_grace(HttpTransportType transport)
    {
        var seen = new HubServer.Seen();
        await using var server = await HubServer.StartAsync(seen);
        await using var client = await HubServer.ConnectAsync(server, transport);
        var closed = new TaskCompletionSource();
        client.Closed += _ =>
        {
            closed.SetResult();
            return Task.CompletedTask;
        };

        var running = client.InvokeAsync("Finish");
        await WaitFor.Completion(seen.Started.Task);
        var stopping = server.StopAsync();
        await WaitFor.Completion(closed.Task);

        // The host waits for the call, whose context is untouched.
        Assert.False(stopping.IsCompleted);
        seen.Released.SetResult();
        Assert.Null(await WaitFor.Result(seen.Ended.Task));
        await WaitFor.Completion(stopping);
        await Assert.ThrowsAnyAsync<Exception>(() => WaitFor.Completion(running));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_call_that_outlasts_the_grace_ends_because_the_server_stops(
        HttpTransportType transport)
    {
        var seen = new HubServer.Seen();
        await using var server = await HubServer.StartAsync(seen, static builder =>
            builder.Services.AddBaton(static options =>
                options.ShutdownGrace = TimeSpan.FromMilliseconds(1)));
        await using var client = await HubServer.ConnectAsync(server, transport);

        var running = client.InvokeAsync("Wait");
        await WaitFor.Completion(seen.Started.Task);
        await WaitFor.Completion(server.StopAsync());

        Assert.IsType<ServerShutdownException>(await WaitFor.Result(seen.Ended.Task));
        await Assert.ThrowsAnyAsync<Exception>(() => WaitFor.Completion(running));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task A_stream_that_its_client_cancels_ends_its_context(
        HttpTransportType transport, string method)
    {
        var seen = new HubServer.Seen();
        await using var server = await HubServer.StartAsync(seen);
        await using var client = await HubServer.ConnectAsync(server, transport);

        await CancelAsync(client.StreamAsync<object>, method, seen);

        await WaitFor.Completion(seen.Ended.Task);
        var ctx = Assert.Single(seen.Calls);
        Assert.False(ctx.Parent!.IsDone);
        Assert.Equal("alice alice+ live", await WaitFor.Result(client.InvokeAsync<string>("Who")));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_stream_both_ways_that_its_client_cancels_ends_its_context(HttpTransportType transport)
    {
        var seen = new HubServer.Seen();
        await using var server = await HubServer.StartAsync(seen);
        await using var client = await HubServer.ConnectAsync(server, transport);

        await CancelAsync(
            (method, token) => client.StreamAsync<object>(method, Numbers(), token), "Echo", seen);

        await WaitFor.Completion(seen.Ended.Task);
        Assert.False(Assert.Single(seen.Calls.Distinct()).Parent!.IsDone);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task An_upload_has_a_context_until_its_method_returns(HttpTransportType transport)
    {
        var seen = new HubServer.Seen();
        await using var server = await HubServer.StartAsync(seen);
        await using var client = await HubServer.ConnectAsync(server, transport);

        Assert.Equal(6, await WaitFor.Result(client.InvokeAsync<int>("Upload", Numbers())));
        var ctx = Assert.Single(seen.Calls);
        Assert.IsType<RequestCompletedException>(ctx.Cause);
        Assert.False(ctx.Parent!.IsDone);
    }

    [Theory]
    [InlineData("Stream")]
    [InlineData("Channel")]
    public async Task A_stream_whose_client_leaves_ends_because_of_that(string method)
    {
        var seen = new HubServer.Seen();
        await using var server = await HubServer.StartAsync(seen);
        var client = await HubServer.ConnectAsync(server, HttpTransportType.WebSockets);

        await using var items = client.StreamAsync<object>(method).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        var next = items.MoveNextAsync();
        await WaitFor.Completion(seen.Started.Task);
        await client.DisposeAsync();

        Assert.IsType<ClientDisconnectedException>(await WaitFor.Result(seen.Ended.Task));
        await Assert.ThrowsAnyAsync<Exception>(async () => await next);
    }

    [Fact]
    public async Task A_connection_outlives_a_transport_that_was_cut_and_mended()
    {
        var seen = new HubServer.Seen();
        await using var server = await HubServer.StartAsync(seen);
        using var relay = new Relay(server.Client.BaseAddress!.Port);
        await using var client = await HubServer.ConnectAsync(
            server, HttpTransportType.WebSockets, through: relay.Address, isStateful: true);
        Assert.Equal("alice alice+ live", await WaitFor.Result(client.InvokeAsync<string>("Who")));
        var (id, running) = (client.ConnectionId, client.InvokeAsync("Finish"));
        await WaitFor.Completion(seen.Started.Task);

        relay.Cut();

        Assert.Equal("alice alice+ live", await WaitFor.Result(client.InvokeAsync<string>("Who")));
        seen.Released.SetResult();
        await WaitFor.Completion(running);
        Assert.Null(await WaitFor.Result(seen.Ended.Task));
        Assert.Equal(id, client.ConnectionId);
        var parent = Assert.Single(seen.Calls.Select(static ctx => ctx.Parent).Distinct())!;
        await client.StopAsync();
        await WaitFor.True(() => parent.IsDone);
        Assert.IsType<ClientDisconnectedException>(parent.Cause);
    }

    [Fact]
    public async Task A_hub_that_cannot_be_made_leaves_no_context_behind()
    {
        var seen = new HubServer.Seen();
        await using var server = await HubServer.StartAsync(
            seen, map: static app => app.MapHub<HubServer.Thrower>("/thrower"), expectedError: "Thrower");
        await using var client = await HubServer.ConnectAsync(
            server, HttpTransportType.WebSockets, path: "/thrower");

        await WaitFor.True(() => seen.Calls.TryPeek(out var ctx) && ctx.Parent!.IsDone);
    }

    [Fact]
    public async Task A_hub_without_HTTP_has_a_context_as_well()
    {
        var seen = new HubServer.Seen();
        await using var server = await HubServer.StartAsync(
            seen,
            static builder => builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(
                IPAddress.Loopback, 0, static listen => listen.UseHub<HubServer.Hub>())),
            expectedError: "Overriding address");
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port);
        await socket.Client.SendAsync(Encoding.UTF8.GetBytes(
            "{\"protocol\":\"json\",\"version\":1}\u001e"
            + "{\"type\":1,\"invocationId\":\"1\",\"target\":\"Watch\",\"arguments\":[]}\u001e"));
        await WaitFor.Completion(seen.Started.Task);

        socket.Close();

        Assert.IsType<ClientDisconnectedException>(await WaitFor.Result(seen.Ended.Task));
    }

    private static async Task CancelAsync(
        Func<string, CancellationToken, IAsyncEnumerable<object>> stream, string method, HubServer.Seen seen)
    {
        using var canceled = new CancellationTokenSource();
        await using var items = stream(method, canceled.Token).GetAsyncEnumerator(canceled.Token);
        Assert.True(await items.MoveNextAsync());
        var next = items.MoveNextAsync();
        await WaitFor.Completion(seen.Started.Task);
        Assert.False(seen.Ended.Task.IsCompleted);
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    private static async IAsyncEnumerable<int> Numbers()
    {
        for (var i = 1; i <= 3; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    /// <summary>
    /// A network between client and server that a test can cut. It takes new connections then.
    /// </summary>
    private sealed class Relay : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<TcpClient> _open = [];
        private readonly int _port;

        internal Relay(int port)
        {
            _port = port;
            _listener.Start();
            _ = AcceptAsync();
        }

        internal Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

        internal void Cut()
        {
            lock (_open)
            {
                _open.ForEach(static one => one.Close());
                _open.Clear();
            }
        }

        public void Dispose()
        {
            _listener.Dispose();
            Cut();
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var (client, server) = (await _listener.AcceptTcpClientAsync(), new TcpClient());
                    await server.ConnectAsync(IPAddress.Loopback, _port);
                    lock (_open)
                    {
                        _open.AddRange([client, server]);
                    }

                    _ = PassAsync(client, server);
                    _ = PassAsync(server, client);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private static async Task PassAsync(TcpClient from, TcpClient to)
        {
            try
            {
                await from.GetStream().CopyToAsync(to.GetStream());
            }
            catch (Exception e)
                when (e is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // The network was cut.
            }

            to.Close();
        }
    }
}
