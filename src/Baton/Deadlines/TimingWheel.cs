using System.Numerics;

namespace Baton;

/// <summary>A hierarchical timing wheel of deadlines. One thread may use it at a time.</summary>
/// <remarks>
/// It has nine levels of 64 slots. A slot of the lowest level is 2^14 ticks (1.6 ms) wide, and a slot of each
/// other level is 64 times as wide as one of the level below. A deadline hangs in the lowest level whose
/// current turn it falls into, so that adding and removing one is O(1). When time reaches a slot of a higher
/// level, the deadlines in it move down. Within a slot they keep the order in which they were added. What
/// falls due is sorted by its exact time, so the width of a slot makes no deadline early or late.
/// </remarks>
internal sealed class TimingWheel
{
    internal const short NotQueued = -1;
    internal const long Never = long.MaxValue;

    private const int SlotBits = 6;
    private const int Slots = 1 << SlotBits;
    private const int UnitBits = 14;
    private const int Levels = (63 - UnitBits + SlotBits - 1) / SlotBits;

    private readonly DeadlineContext?[]?[] _slots = new DeadlineContext?[Levels][];
    private readonly ulong[] _occupied = new ulong[Levels];

    /// <summary>The unit of 2^14 ticks that the wheel has been turned to.</summary>
    private long _turnedTo;

    /// <summary>Turns the wheel to <paramref name="now"/> and takes out what is due.</summary>
    internal void Turn(long now, List<DeadlineContext> due)
    {
        var unitNow = Math.Max(now >> UnitBits, _turnedTo);
        while (FirstOccupied(out var level, out var slot, out var unit) && unit <= unitNow)
        {
            _turnedTo = unit;
            var slots = _slots[level]!;
            var first = slots[slot]!;
            slots[slot] = null;
            _occupied[level] &= ~(1UL << slot);
            first.DuePrevious!.DueNext = null;
            for (var ctx = first; ctx is not null;)
            {
                var next = ctx.DueNext;
                ctx.DueNext = ctx.DuePrevious = null;
                ctx.DueSlot = NotQueued;
                if (ctx.DueTicks <= now)
                {
                    due.Add(ctx);
                }
                else
                {
                    Insert(ctx);
                }

                ctx = next;
            }

            if (level == 0 && unit == unitNow)
            {
                // The rest of this slot falls due within the current unit, but later than now.
                break;
            }
        }

        _turnedTo = unitNow;
    }

    /// <summary>The latest time at which the wheel must be turned next.</summary>
    internal long NextWake()
    {
        if (!FirstOccupied(out var level, out var slot, out var unit))
        {
            return Never;
        }

        if (level > 0)
        {
            return unit << UnitBits;
        }

        var first = _slots[0]![slot]!;
        var soonest = first.DueTicks;
        for (var ctx = first.DueNext!; ctx != first; ctx = ctx.DueNext!)
        {
            soonest = Math.Min(soonest, ctx.DueTicks);
        }

        return soonest;
    }

    /// <summary>
    /// Finds the first slot that holds a deadline. All deadlines in it fall due before those in other slots.
    /// </summary>
    private bool FirstOccupied(out int level, out int slot, out long unit)
    {
        for (level = 0; level < Levels; level++)
        {
            if (_occupied[level] == 0)
            {
                continue;
            }

            slot = BitOperations.TrailingZeroCount(_occupied[level]);
            var shift = level * SlotBits;
            unit = (((_turnedTo >> (shift + SlotBits)) << SlotBits) | (long)slot) << shift;
            return true;
        }

        slot = 0;
        unit = 0;
        return false;
    }

    internal void Insert(DeadlineContext ctx)
    {
        var unit = Math.Max(ctx.DueTicks >> UnitBits, _turnedTo);
        var level = unit == _turnedTo ? 0 : BitOperations.Log2((ulong)(unit ^ _turnedTo)) / SlotBits;
        var slot = (int)(unit >> (level * SlotBits)) & (Slots - 1);
        var slots = _slots[level] ??= new DeadlineContext?[Slots];
        if (slots[slot] is { } first)
        {
            // The list is a ring: the previous of the first is the last.
            var last = first.DuePrevious!;
            ctx.DuePrevious = last;
            ctx.DueNext = first;
            last.DueNext = ctx;
            first.DuePrevious = ctx;
        }
        else
        {
            ctx.DueNext = ctx.DuePrevious = ctx;
            slots[slot] = ctx;
            _occupied[level] |= 1UL << slot;
        }

        ctx.DueSlot = (short)((level * Slots) + slot);
    }

    internal void Remove(DeadlineContext ctx)
    {
        var slots = _slots[ctx.DueSlot / Slots]!;
        var slot = ctx.DueSlot % Slots;
        if (ctx.DueNext == ctx)
        {
            slots[slot] = null;
            _occupied[ctx.DueSlot / Slots] &= ~(1UL << slot);
        }
        else
        {
            ctx.DuePrevious!.DueNext = ctx.DueNext;
            ctx.DueNext!.DuePrevious = ctx.DuePrevious;
            if (slots[slot] == ctx)
            {
                slots[slot] = ctx.DueNext;
            }
        }

        ctx.DueNext = ctx.DuePrevious = null;
        ctx.DueSlot = NotQueued;
    }
}
