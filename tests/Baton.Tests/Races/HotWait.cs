namespace Baton.Tests.Races;

/// <summary>A wait for threads that have to start within a few instructions of each other.</summary>
internal static class HotWait
{
    internal static void Until(Func<bool> condition)
    {
        // It spins at first, so that all threads start together.
        for (var look = 0; look < 2_000; look++)
        {
            if (condition())
            {
                return;
            }
        }

        // It never sleeps: a race has 100,000 rounds, and a millisecond in each would add two minutes.
        for (var wait = default(SpinWait); !condition();)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }
}
