namespace Baton;

/// <summary>
/// The keys of a stretch of value contexts, a bit each, so that a key which is not among them is told at
/// once; and the length of the stretch.
/// </summary>
/// <remarks>The bits are dealt out to keys in turn: the first 59 keys of a process share none.</remarks>
internal static class ValueFilter
{
    /// <summary>How long a stretch grows before an index is made of it.</summary>
    internal const int Longest = 16;

    private const int LengthBits = 5;
    private const ulong LengthMask = (1 << LengthBits) - 1;

    /// <summary>Incremented as one step, so that two threads get two numbers. Orders nothing else.</summary>
    private static uint s_last;

    /// <summary>The bit of a new key.</summary>
    internal static ulong NextKey() =>
        1UL << (int)(LengthBits + (Interlocked.Increment(ref s_last) % (64 - LengthBits)));

    /// <summary>The stretch with one more key on top.</summary>
    internal static ulong Add(ulong stretch, ulong key) => (stretch + 1) | key;

    internal static int Length(ulong stretch) => (int)(stretch & LengthMask);
}
