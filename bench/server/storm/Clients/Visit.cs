using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Baton.Storm;

/// <summary>One client of the storm, with its own choices.</summary>
internal sealed class Visit(IPEndPoint server, Random random) : IDisposable
{
    private static readonly string[] s_paths =
        ["/wait", "/derive", "/group", "/forget", "/deaf", "/late", "/stream", "/large"];

    private static readonly string[] s_bodyPaths =
        ["/wait", "/derive", "/group", "/forget", "/deaf", "/late", "/read", "/read"];

    private readonly Socket _socket =
        new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    internal Random Random => random;

    internal string Path => s_paths[Random.Next(s_paths.Length)];

    internal string BodyPath => s_bodyPaths[Random.Next(s_bodyPaths.Length)];

    internal Task ConnectAsync() => _socket.ConnectAsync(server);

    internal async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes)..];
        }
    }

    internal Task SendAsync(string text) => SendAsync(Encoding.ASCII.GetBytes(text));

    /// <summary>Reads what comes, until that many bytes or the end.</summary>
    internal async Task<int> ReadAsync(int count)
    {
        var buffer = new byte[16 * 1024];
        var all = 0;
        while (all < count)
        {
            var some = await _socket.ReceiveAsync(buffer.AsMemory(0, Math.Min(buffer.Length, count - all)));
            if (some == 0)
            {
                break;
            }

            all += some;
        }

        return all;
    }

    /// <summary>Some time from none to most of a second, often short.</summary>
    internal Task PassTimeAsync() => Task.Delay(TimeSpan.FromSeconds(Math.Pow(Random.NextDouble(), 2) * 0.9));

    internal void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Leaves: by FIN, or in a third of the cases by RST.</summary>
    public void Dispose()
    {
        if (Random.Next(3) == 0)
        {
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        _socket.Dispose();
    }
}
