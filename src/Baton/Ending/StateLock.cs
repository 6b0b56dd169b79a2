namespace Baton;

/// <summary>A lock of one bit in a word of state, held for a few instructions.</summary>
/// <remarks>
/// A thread that holds it runs no caller's code and waits for nothing. The exchange that takes it is a full
/// fence, and the write that releases it a release: a holder sees all that the last holder wrote.
/// </remarks>
internal static class StateLock
{
    /// <summary>A thread holds the lock.</summary>
    internal const int Locked = 1;

    /// <summary>What the lock guards has been closed for good. <see cref="EnterOpen"/> fails.</summary>
    internal const int Closed = 2;

    /// <summary>Takes the lock if that needs no wait. False also if the state is closed.</summary>
    internal static bool TryEnterOpen(ref int state)
    {
        var seen = Volatile.Read(ref state);
        return (seen & (Locked | Closed)) == 0
            && Interlocked.CompareExchange(ref state, seen | Locked, seen) == seen;
    }

    /// <summary>Waits for the lock, and takes it unless the state is closed.</summary>
    /// <returns>False if the state is closed: the lock was not taken.</returns>
    internal static bool EnterOpen(ref int state)
    {
        for (var wait = default(SpinWait); ; Seam.Wait(ref wait))
        {
            if (TryEnterOpen(ref state))
            {
                return true;
            }

            if ((Volatile.Read(ref state) & Closed) != 0)
            {
                return false;
            }
        }
    }

    /// <summary>Waits for the lock, and takes it whether or not the state is closed.</summary>
    internal static void Enter(ref int state)
    {
        for (var wait = default(SpinWait); ; Seam.Wait(ref wait))
        {
            var unlocked = Volatile.Read(ref state) & ~Locked;
            if (Interlocked.CompareExchange(ref state, unlocked | Locked, unlocked) == unlocked)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Releases the lock, and sets and clears other bits in the same write: only the holder writes the state.
    /// </summary>
    internal static void Exit(ref int state, int set = 0, int clear = 0) =>
        Volatile.Write(ref state, (state & ~(Locked | clear)) | set);
}
