using System.Net;
using System.Net.Sockets;

namespace Baton.DataBench;

/// <summary>
/// Stands between the client and the server, and counts how often the client speaks after the server has spoken.
/// </summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _server;
    private int _roundTrips;

    internal CountingProxy(int server)
    {
        _server = server;
        _listener.Start();
        _ = AcceptAsync();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    internal int RoundTrips => Volatile.Read(ref _roundTrips);

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = RelayAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The proxy was disposed.
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var accepted = client;
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _server);
        (accepted.NoDelay, server.NoDelay) = (true, true);
        var hasServerSpoken = new StrongBox { Value = true };
        var (down, up) = (server.GetStream(), accepted.GetStream());
        await Task.WhenAny(PumpAsync(up, down, hasServerSpoken, isClient: true), PumpAsync(down, up, hasServerSpoken, isClient: false));
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, StrongBox hasServerSpoken, bool isClient)
    {
        try
        {
            var buffer = new byte[65536];
            while (await from.ReadAsync(buffer) is > 0 and var count)
            {
                if (isClient && hasServerSpoken.Value)
                {
                    Interlocked.Increment(ref _roundTrips);
                }

                hasServerSpoken.Value = !isClient;
                await to.WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (IOException)
        {
            // One side has closed the connection.
        }
    }

    private sealed class StrongBox
    {
        internal volatile bool Value;
    }
}
