namespace Baton;

/// <summary>
/// One bit for each key of a stretch of value contexts, so that a lookup knows at once that a key is not among
/// them; and the length of the stretch.
/// </summary>
/// <remarks>Keys get their bits in turn, so the first 59 keys of a process share none.</remarks>
internal static class ValueFilter
{
    /// <summary>How long a stretch grows before an index is made from it.</summary>
    internal const int Longest = 16;

    private const int LengthBits = 5;
    private const ulong LengthMask = (1 << LengthBits) - 1;

    /// <summary>Incremented in one step, so that two threads get two numbers. It orders nothing else.</summary>
    private static uint s_last;

    /// <summary>The bit of a new key.</summary>
    internal static ulong NextKey() =>
        1UL << (int)(LengthBits + (Interlocked.Increment(ref s_last) % (64 - LengthBits)));

    /// <summary>The stretch with one more key on top.</summary>
    internal static ulong Add(ulong stretch, ulong key) => (stretch + 1) | key;

    internal static int Length(ulong stretch) => (int)(stretch & LengthMask);
}
