using System.Buffers;
using System.Text;

namespace Baton;

/// <summary>
/// Any text as visible ASCII: other characters, and the percent sign, become percent-encoded UTF-8.
/// </summary>
internal static class PercentText
{
    /// <summary>The characters that a header's value keeps. A blank at its end would be lost.</summary>
    private static readonly SearchValues<char> s_header = SearchValues.Create(Visible(except: "%"));

    /// <summary>The characters that W3C allows in a value of <c>baggage</c>.</summary>
    private static readonly SearchValues<char> s_baggage = SearchValues.Create(Visible(except: "%\",;\\"));

    private static readonly SearchValues<char> s_readable = SearchValues.Create(Visible(except: "") + " \t");

    private static readonly UTF8Encoding s_strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The encoded text; null for one with half of a surrogate pair, which has no UTF-8.</summary>
    internal static string? Encode(string text, bool isBaggage)
    {
        var plain = isBaggage ? s_baggage : s_header;
        if (!text.AsSpan().ContainsAnyExcept(plain))
        {
            return text;
        }

        try
        {
            var encoded = new StringBuilder(text.Length + 16);
            foreach (var octet in s_strict.GetBytes(text))
            {
                _ = plain.Contains((char)octet)
                    ? encoded.Append((char)octet)
                    : encoded.Append('%').Append(octet.ToString("X2", null));
            }

            return encoded.ToString();
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>
    /// The text that was encoded; null if the octets are not UTF-8, or a character is not one of a header. A
    /// percent sign without two digits stands for itself, because other senders may not encode it.
    /// </summary>
    internal static string? Decode(string encoded)
    {
        if (encoded.AsSpan().ContainsAnyExcept(s_readable))
        {
            return null;
        }

        if (!encoded.Contains('%', StringComparison.Ordinal))
        {
            return encoded;
        }

        var octets = new byte[encoded.Length];
        var count = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '%' && i + 2 < encoded.Length
                && char.IsAsciiHexDigit(encoded[i + 1]) && char.IsAsciiHexDigit(encoded[i + 2]))
            {
                octets[count++] = Convert.FromHexString(encoded.AsSpan(i + 1, 2))[0];
                i += 2;
            }
            else
            {
                octets[count++] = (byte)encoded[i];
            }
        }

        try
        {
            return s_strict.GetString(octets, 0, count);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string Visible(string except)
    {
        var visible = Enumerable.Range('!', '~' - '!' + 1).Select(static code => (char)code);
        return string.Concat(visible.Except(except));
    }
}
