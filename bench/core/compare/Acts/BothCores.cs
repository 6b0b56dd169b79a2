namespace Baton.Acts;

/// <summary>What both kinds of use do alike.</summary>
internal static class BothCores
{
    /// <summary>How often everything is used at one go.</summary>
    internal const int Rounds = 100;

    /// <summary>
    /// Enough for two threads to meet at a lock some thousand times, also where they often have to take turns.
    /// </summary>
    private const int Acts = 100_000;

    /// <summary>Does the act over and over, on two threads at once.</summary>
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

/// <summary>A clock that is not <see cref="TimeProvider.System"/>, and goes by it.</summary>
internal sealed class OwnClock : TimeProvider;
