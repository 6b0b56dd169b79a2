namespace Baton.Tests.Races;

/// <summary>A wait of threads that are to start within a few instructions of each other.</summary>
internal static class HotWait
{
    internal static void Until(Func<bool> condition)
    {
        // Hot at first, so that all threads leave the line together.
        for (var look = 0; look < 2_000; look++)
        {
            if (condition())
            {
                return;
            }
        }

        // Never sleeps: a race has 100,000 rounds, and a millisecond each would be two minutes.
        for (var wait = default(SpinWait); !condition();)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }
}
