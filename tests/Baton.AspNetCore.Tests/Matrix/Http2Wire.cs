using System.Buffers.Binary;
using System.Text;

namespace Baton.AspNetCore.Tests.Matrix;

/// <summary>A client of HTTP/2 without TLS, frame by frame.</summary>
internal sealed class Http2Wire
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte ResetStream = 3;
    private const byte Settings = 4;
    private const byte Ping = 6;
    private const byte GoAway = 7;

    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const byte Acknowledge = 1;
    private const int Cancel = 8;

    private readonly Wire _wire;
    private int _stream = -1;

    private Http2Wire(Wire wire) => _wire = wire;

    /// <summary>A connection on which both sides have said what they can do.</summary>
    internal static async Task<Http2Wire> ConnectAsync(Wire wire)
    {
        var client = new Http2Wire(wire);
        await wire.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        await wire.SendAsync(Frame(Settings, 0, 0, []));
        while ((await client.ReadFrameAsync()).Type != Settings)
        {
        }

        await wire.SendAsync(Frame(Settings, Acknowledge, 0, []));
        return client;
    }

    internal void Close() => _wire.Close();

    internal void Reset() => _wire.Reset();

    internal void HalfClose() => _wire.HalfClose();

    /// <summary>Asks for /, and returns the number of the stream.</summary>
    internal async Task<int> GetAsync()
    {
        await _wire.SendAsync(Request(isPost: false));
        return _stream;
    }

    /// <summary>Sends headers and half a body, and returns the number of the stream.</summary>
    internal async Task<int> PostHalfAsync()
    {
        byte[] both = [.. Request(isPost: true), .. Frame(Data, 0, _stream, "01234"u8)];
        await _wire.SendAsync(both);
        return _stream;
    }

    /// <summary>The client gives one request up.</summary>
    internal Task CancelAsync(int stream) => _wire.SendAsync(Frame(ResetStream, 0, stream, Int32(Cancel)));

    /// <summary>Asks, and gives it up with the next bytes.</summary>
    internal Task GetAndCancelAsync()
    {
        byte[] both = [.. Request(isPost: false), .. Frame(ResetStream, 0, _stream, Int32(Cancel))];
        return _wire.SendAsync(both);
    }

    /// <summary>The client says that it will ask for nothing more.</summary>
    internal Task GoAwayAsync() => _wire.SendAsync(Frame(GoAway, 0, 0, [.. Int32(0), .. Int32(0)]));

    /// <summary>Returns when the server has been through all that was sent so far.</summary>
    internal async Task PingAsync()
    {
        await _wire.SendAsync(Frame(Ping, 0, 0, new byte[8]));
        while (await ReadFrameAsync() is not (Ping, Acknowledge, _, _))
        {
        }
    }

    /// <summary>How a stream was answered: its status, and whether the response is whole.</summary>
    internal async Task<string> ReadResponseAsync(int stream)
    {
        string? status = null;
        while (true)
        {
            var (type, flags, of, payload) = await ReadFrameAsync();
            if (of != stream)
            {
                continue;
            }

            if (type == Headers)
            {
                status ??= Status(payload);
            }
            else if (type == ResetStream)
            {
                var code = BinaryPrimitives.ReadInt32BigEndian(payload);
                return status is null ? $"reset with {code}" : $"{status}, reset with {code}";
            }

            if (type is Headers or Data && (flags & EndStream) != 0)
            {
                return status!;
            }
        }
    }

    /// <summary>Reads until the server says that it will take no new streams.</summary>
    internal async Task ReadGoAwayAsync()
    {
        while ((await ReadFrameAsync()).Type != GoAway)
        {
        }
    }

    private byte[] Request(bool isPost)
    {
        _stream += 2;

        // By HPACK's static table: :method, :scheme http, :path /, and :authority with its value.
        byte[] block = [(byte)(isPost ? 0x83 : 0x82), 0x86, 0x84, 0x01, 9, .. "localhost"u8];
        return Frame(Headers, (byte)(isPost ? EndHeaders : EndHeaders | EndStream), _stream, block);
    }

    private async Task<(byte Type, byte Flags, int Stream, byte[] Payload)> ReadFrameAsync()
    {
        var head = new byte[9];
        await _wire.ReadExactlyAsync(head);
        var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
        await _wire.ReadExactlyAsync(payload);
        return (head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
    }

    /// <summary>
    /// The status is the first header: one of the static table, or the table's name and three digits.
    /// </summary>
    private static string Status(byte[] block)
    {
        // The encoder may change the size of its table first.
        var at = (block[0] & 0xe0) == 0x20 ? 1 : 0;
        string[] known = ["200", "204", "206", "304", "400", "404", "500"];
        return block[at] >= 0x88 ? known[block[at] - 0x88] : Encoding.ASCII.GetString(block, at + 2, 3);
    }

    private static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload) =>
        [0, (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, .. Int32(stream), .. payload];

    private static byte[] Int32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
