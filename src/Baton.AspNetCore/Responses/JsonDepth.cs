using System.Numerics;
using System.Runtime.Intrinsics;

namespace Baton.AspNetCore;

/// <summary>Counts the brackets of JSON that passes by, to tell whether all of them are closed.</summary>
internal struct JsonDepth
{
    private long _open;
    private bool _isInString, _isEscaped, _hasAny;

    /// <summary>Whether what has passed is a whole value, as far as brackets and quotes can tell.</summary>
    internal readonly bool IsClosed => _hasAny && _open == 0 && !_isInString;

    internal void Add(ReadOnlySpan<byte> json)
    {
        _hasAny |= !json.IsEmpty;
        while (json.Length >= Vector256<byte>.Count)
        {
            AddBlock(json[..Vector256<byte>.Count]);
            json = json[Vector256<byte>.Count..];
        }

        AddEach(json);
    }

    private void AddBlock(ReadOnlySpan<byte> json)
    {
        var block = Vector256.Create(json);
        if (_isEscaped || Vector256.EqualsAny(block, Vector256.Create((byte)'\\')))
        {
            AddEach(json);
            return;
        }

        // The square brackets and the braces differ in one bit only.
        var folded = block | Vector256.Create((byte)0x20);
        var quotes = Vector256.Equals(block, Vector256.Create((byte)'"')).ExtractMostSignificantBits();
        var opening = Vector256.Equals(folded, Vector256.Create((byte)'{')).ExtractMostSignificantBits();
        var closing = Vector256.Equals(folded, Vector256.Create((byte)'}')).ExtractMostSignificantBits();

        // A bit is set from each quote that begins a string to the one that ends it.
        var strings = quotes ^ (quotes << 1);
        strings ^= strings << 2;
        strings ^= strings << 4;
        strings ^= strings << 8;
        strings ^= strings << 16;
        var outside = _isInString ? strings : ~strings;

        _open += BitOperations.PopCount(opening & outside) - BitOperations.PopCount(closing & outside);
        _isInString ^= (BitOperations.PopCount(quotes) & 1) != 0;
    }

    private void AddEach(ReadOnlySpan<byte> json)
    {
        foreach (var one in json)
        {
            if (_isEscaped)
            {
                _isEscaped = false;
            }
            else if (one == '"')
            {
                _isInString = !_isInString;
            }
            else if (_isInString)
            {
                _isEscaped = one == '\\';
            }
            else
            {
                _open += one switch
                {
                    (byte)'[' or (byte)'{' => 1,
                    (byte)']' or (byte)'}' => -1,
                    _ => 0,
                };
            }
        }
    }
}
