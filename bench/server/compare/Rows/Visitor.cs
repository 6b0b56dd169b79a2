using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Baton.ServerBench;

/// <summary>A client on a raw connection.</summary>
internal sealed class Visitor : IDisposable
{
    private readonly Socket _socket =
        new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[4096];
    private readonly byte[] _request;

    private Visitor(string path) =>
        _request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    internal static async Task<Visitor> ConnectAsync(IPEndPoint server, string path)
    {
        var visitor = new Visitor(path);
        await visitor._socket.ConnectAsync(server);
        return visitor;
    }

    internal Task AskAsync() => _socket.SendAsync(_request);

    /// <summary>Asks and takes the answer, so often.</summary>
    internal async Task ExchangeAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await AskAsync();
            await ReadAnswerAsync();
        }
    }

    /// <summary>Leaves: whoever has nothing unread closes with FIN.</summary>
    public void Dispose() => _socket.Dispose();

    // All answers fit into the buffer; Go's tell their length, and those of minimal APIs come in chunks.
    private async Task ReadAnswerAsync()
    {
        for (var read = 0; !IsWhole(_buffer.AsSpan(0, read));)
        {
            var some = await _socket.ReceiveAsync(_buffer.AsMemory(read));
            read += some > 0
                ? some
                : throw new IOException("The server has closed the connection before its answer.");
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer) =>
        answer.EndsWith("\r\n0\r\n\r\n"u8) || answer.EndsWith("\r\n\r\nhello\n"u8);
}
