using System.Buffers;

namespace Baton.AspNetCore;

/// <summary>Bytes of a response that were written and are kept back, in an array that is rented.</summary>
internal struct HeldBytes
{
    private const int Least = 4096;

    private byte[]? _array;

    internal int Count { get; private set; }

    internal readonly ReadOnlySpan<byte> Span => _array.AsSpan(0, Count);

    /// <summary>Room behind what is held, of at least one byte.</summary>
    internal Memory<byte> Room(int sizeHint)
    {
        var least = Math.Max(sizeHint, 1);
        if (_array is null || _array.Length - Count < least)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Count + least), Math.Max(2 * Count, Least)));
            Span.CopyTo(larger);
            Return();
            _array = larger;
        }

        return _array.AsMemory(Count);
    }

    /// <summary>Holds bytes that were written into <see cref="Room"/>.</summary>
    internal void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, (_array?.Length ?? 0) - Count);
        Count += bytes;
    }

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            bytes.CopyTo(Room(bytes.Length).Span);
            Count += bytes.Length;
        }
    }

    internal void Clear()
    {
        Return();
        _array = null;
        Count = 0;
    }

    private readonly void Return()
    {
        if (_array is not null)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }
    }
}
