using System.Buffers.Binary;
using System.Text;

namespace Baton.Storm;

/// <summary>
/// The few frames of HTTP/2 that a client needs who means no good (RFC 9113, 6; RFC 7541, 6).
/// </summary>
internal static class Http2Frames
{
    private const byte Data = 0;
    private const byte HeadersType = 1;
    private const byte ResetType = 3;
    private const byte SettingsType = 4;
    private const byte PingType = 6;
    private const byte GoAwayType = 7;
    private const byte Ack = 1;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const int CancelCode = 8;

    internal const int HeaderSize = 9;

    /// <summary>How a client begins: the magic words, and settings that set nothing.</summary>
    internal static byte[] Preface { get; } =
        [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(SettingsType, 0, 0, [])];

    internal static byte[] SettingsAck { get; } = Frame(SettingsType, Ack, 0, []);

    internal static byte[] Ping { get; } = Frame(PingType, 0, 0, new byte[8]);

    internal static byte[] GoAway { get; } = Frame(GoAwayType, 0, 0, new byte[8]);

    internal static byte[] Headers(int stream, string path, bool hasBody)
    {
        // GET and POST, http, and as literals that are not to be indexed: path and authority.
        var text = Encoding.ASCII.GetBytes(path);
        byte[] block =
        [
            (byte)(hasBody ? 0x83 : 0x82), 0x86,
            0x04, (byte)text.Length, .. text,
            0x01, 9, .. "localhost"u8,
        ];
        return Frame(HeadersType, (byte)(EndHeaders | (hasBody ? 0 : EndStream)), stream, block);
    }

    internal static byte[] Body(int stream, int length) => Frame(Data, 0, stream, new byte[length]);

    internal static byte[] Reset(int stream)
    {
        var code = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(code, CancelCode);
        return Frame(ResetType, 0, stream, code);
    }

    internal static bool IsSettings(ReadOnlySpan<byte> header) =>
        header[3] == SettingsType && (header[4] & Ack) == 0;

    internal static bool IsPingAck(ReadOnlySpan<byte> header) =>
        header[3] == PingType && (header[4] & Ack) != 0;

    internal static int LengthOf(ReadOnlySpan<byte> header) =>
        (header[0] << 16) | (header[1] << 8) | header[2];

    private static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var id = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(id, stream);
        return [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags,
            .. id, .. payload];
    }
}
