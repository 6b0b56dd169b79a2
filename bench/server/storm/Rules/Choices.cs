namespace Baton.Storm;

/// <summary>What a client chooses follows from the seed and its number alone.</summary>
internal static class Choices
{
    /// <summary>Neighbours choose nothing alike: the two are mixed, as SplitMix does it.</summary>
    internal static Random Of(int seed, int number)
    {
        var mixed = unchecked(((ulong)(uint)seed << 32 | (uint)number) * 0x9E37_79B9_7F4A_7C15);
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB);
        return new Random((int)((mixed ^ (mixed >> 31)) & int.MaxValue));
    }
}
