using System.Runtime.CompilerServices;

namespace Baton;

/// <summary>Finds the nearest value context of a key without walking to it.</summary>
/// <remarks>
/// An index covers 16, 32, 64 or more value contexts, from one upwards. Those further up are covered by
/// <see cref="_above"/>, which is at least twice as long. So a lookup asks no more indexes than the length
/// of the chain has binary digits, and the indexes of a chain take no more room than its contexts. An index
/// never changes.
/// </remarks>
internal sealed class ValueIndex
{
    private readonly ValueContext?[] _slots;
    private readonly int _length;
    private readonly ValueIndex? _above;

    /// <param name="nearest">
    /// The lowest value context that the index covers: the last of a stretch of the full length.
    /// </param>
    internal ValueIndex(ValueContext nearest)
    {
        _length = ValueFilter.Longest;
        _above = nearest.Index;
        var merged = 0;
        for (; _above is { } above && above._length == _length; merged++)
        {
            _length += above._length;
            _above = above._above;
        }

        // The table is at most half full, so that a search soon meets a gap.
        _slots = new ValueContext?[_length * 2];
        var count = ValueFilter.Longest;
        for (var pair = nearest; count > 0; pair = pair.Above!, count--)
        {
            Add(pair);
        }

        for (var above = nearest.Index!; merged > 0; above = above._above!, merged--)
        {
            foreach (var pair in above._slots)
            {
                if (pair is not null)
                {
                    Add(pair);
                }
            }
        }
    }

    /// <summary>The nearest value context with the key, from <paramref name="index"/> upwards.</summary>
    internal static ValueContext? Find(ValueIndex? index, object key)
    {
        var hash = RuntimeHelpers.GetHashCode(key);
        for (; index is not null; index = index._above)
        {
            if (index._slots[index.SlotOf(key, hash)] is { } pair)
            {
                return pair;
            }
        }

        return null;
    }

    /// <summary>The slot in which the key is, or would be.</summary>
    private int SlotOf(object key, int hash)
    {
        var slots = _slots;
        var slot = hash & (slots.Length - 1);
        while (slots[slot] is { } pair && pair.Key != key)
        {
            slot = (slot + 1) & (slots.Length - 1);
        }

        return slot;
    }

    /// <summary>Adds a pair, unless a nearer one has its key.</summary>
    private void Add(ValueContext pair) =>
        _slots[SlotOf(pair.Key, RuntimeHelpers.GetHashCode(pair.Key))] ??= pair;
}
