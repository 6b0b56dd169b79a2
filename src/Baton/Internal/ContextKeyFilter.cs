namespace Baton;

/// <summary>
/// Deals the bits of a 64-bit filter out to keys in turn: the first 64 keys of a process share none.
/// </summary>
internal static class ContextKeyFilter
{
    private static int s_last = -1;

    internal static ulong NextBit() => 1UL << (Interlocked.Increment(ref s_last) & 63);
}
