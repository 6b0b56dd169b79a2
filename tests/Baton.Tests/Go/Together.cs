namespace Baton.Tests.Go;

/// <summary>Runs actions at the same moment, each on a thread of its own.</summary>
internal static class Together
{
    internal static Task RunAsync(params Action[] actions) =>
        RunAsync(1, [.. actions.Select(static action => (Action<int>)(_ => action()))]);

    /// <summary>
    /// The same in rounds: all actions begin each round at the same moment. Ends at the first failure.
    /// </summary>
    internal static Task RunAsync(int rounds, params Action<int>[] actions)
    {
        var start = new Barrier(actions.Length);
        var hasFailed = false;
        return Task.WhenAll(actions.Select(action => Task.Factory.StartNew(
            () =>
            {
                try
                {
                    for (var round = 0; round < rounds && !Volatile.Read(ref hasFailed); round++)
                    {
                        start.SignalAndWait();
                        action(round);
                    }
                }
                catch
                {
                    Volatile.Write(ref hasFailed, true);
                    throw;
                }
                finally
                {
                    start.RemoveParticipant();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    /// <summary>
    /// Looks without pause, so that it sees a change at once; sometimes it gives up the processor.
    /// </summary>
    internal static void SpinUntil(Func<bool> condition)
    {
        for (var looks = 1; !condition(); looks++)
        {
            if (looks % 1000 == 0)
            {
                Thread.Yield();
            }
        }
    }
}
