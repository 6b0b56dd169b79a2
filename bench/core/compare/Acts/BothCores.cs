namespace Baton.Acts;

/// <summary>What <see cref="EveryContext"/> and <see cref="EverySource"/> have in common.</summary>
internal static class BothCores
{
    /// <summary>How often one call uses everything.</summary>
    internal const int Rounds = 100;

    /// <summary>
    /// Enough for two threads to contend for a lock some thousand times, also if they often take turns.
    /// </summary>
    private const int Acts = 100_000;

    /// <summary>Repeats the act on two threads at once.</summary>
    internal static void Run(Action act)
    {
        Thread[] threads = [new(Repeat), new(Repeat)];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());

        void Repeat()
        {
            for (var i = 0; i < Acts; i++)
            {
                act();
            }
        }
    }
}

/// <summary>A clock that shows the system's time, but is not <see cref="TimeProvider.System"/>.</summary>
internal sealed class OwnClock : TimeProvider;
