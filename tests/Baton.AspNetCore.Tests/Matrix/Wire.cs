using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>A client that says what it is told to, byte for byte, and leaves as it is told to.</summary>
internal sealed class Wire : IDisposable
{
    private readonly Socket _socket =
        new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start, _end;

    private Wire()
    {
    }

    internal static async Task<Wire> ConnectAsync(int port)
    {
        var wire = new Wire();
        await wire._socket.ConnectAsync(IPAddress.Loopback, port);
        return wire;
    }

    internal Task SendAsync(string text) => SendAsync(Encoding.ASCII.GetBytes(text));

    internal async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes)..];
        }
    }

    /// <summary>
    /// Sends what the server takes without anybody reading it, up to <paramref name="bytes"/>.
    /// </summary>
    /// <returns>How much that was.</returns>
    internal int SendUntilFull(int bytes)
    {
        _socket.Blocking = false;
        var sent = 0;
        for (var refused = 0; sent < bytes && refused < 1000; Thread.Yield())
        {
            sent += _socket.Send(
                new byte[Math.Min(bytes - sent, 64 * 1024)], SocketFlags.None, out var error);
            refused = error == SocketError.WouldBlock ? refused + 1 : 0;
        }

        return sent;
    }

    /// <summary>The client process ends, or closes its connection: a FIN.</summary>
    internal void Close() => _socket.Dispose();

    /// <summary>The client's machine gives the connection up: an RST.</summary>
    internal void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    /// <summary>The client says that it will send no more, and goes on reading.</summary>
    internal void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>The next byte; -1 when the server has closed, or given up, the connection.</summary>
    internal async ValueTask<int> ReadAsync()
    {
        if (_start == _end)
        {
            _start = 0;
            try
            {
                _end = await WaitFor.Result(_socket.ReceiveAsync(_buffer));
            }
            catch (SocketException)
            {
                _end = 0;
            }

            if (_end == 0)
            {
                return -1;
            }
        }

        return _buffer[_start++];
    }

    internal async Task ReadExactlyAsync(Memory<byte> into)
    {
        for (var i = 0; i < into.Length; i++)
        {
            var next = await ReadAsync();
            into.Span[i] = next >= 0 ? (byte)next : throw new EndOfStreamException();
        }
    }

    /// <summary>
    /// Reads until <paramref name="text"/> has come, and returns everything up to its end; or, if the
    /// connection ends before it does, what there was.
    /// </summary>
    internal async Task<string> ReadToAsync(string text)
    {
        var read = new StringBuilder();
        while (!EndsWith(read, text) && await ReadAsync() is >= 0 and var next)
        {
            read.Append((char)next);
        }

        return read.ToString();
    }

    internal async Task<string> ReadToEndAsync() => await ReadToAsync("\0");

    /// <summary>
    /// The status of the next response, whose body is read and let go; null if the connection ends first.
    /// </summary>
    internal async Task<int?> ReadStatusAsync()
    {
        var head = await ReadToAsync("\r\n\r\n");
        if (!head.StartsWith("HTTP/1.", StringComparison.Ordinal))
        {
            return null;
        }

        if (head.Contains("Transfer-Encoding: chunked", StringComparison.Ordinal))
        {
            await ReadToAsync("0\r\n\r\n");
        }
        else if (head.IndexOf("Content-Length: ", StringComparison.Ordinal) is >= 0 and var at)
        {
            var length = head[(at + 16)..head.IndexOf('\r', at)];
            await ReadExactlyAsync(new byte[int.Parse(length, null)]);
        }

        return int.Parse(head.AsSpan(9, 3), null);
    }

    public void Dispose() => _socket.Dispose();

    private static bool EndsWith(StringBuilder read, string text)
    {
        for (var i = 1; i <= text.Length; i++)
        {
            if (read.Length < i || read[^i] != text[^i])
            {
                return false;
            }
        }

        return true;
    }
}
