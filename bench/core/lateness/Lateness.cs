using System.Diagnostics;

namespace Baton.Lateness;

/// <summary>Measures how late deadlines are that fall due one after the other.</summary>
internal static class Lateness
{
    internal const int Count = 10_000;

    /// <summary>The time until the first falls due: longer than it takes to make them all.</summary>
    private static readonly TimeSpan s_lead = TimeSpan.FromSeconds(2);

    internal static async Task<(double P50, double P99, double Max, int Early)> MeasureAsync(Deadlines kind)
    {
        var late = new double[Count];
        var owners = new IDisposable[Count];
        var left = Count;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        GC.Collect();
        for (var i = 0; i < Count; i++)
        {
            var index = i;

            // These are whole milliseconds, because .NET's own timers count in them.
            var timeout = s_lead + TimeSpan.FromMilliseconds(i * 1000 / Count);

            // The time is taken before the deadline is started. So a deadline can only look late, never
            // early.
            var start = Stopwatch.GetTimestamp();
            var (owner, token) = kind.Start(timeout);
            owners[i] = owner;
            token.UnsafeRegister(
                _ =>
                {
                    late[index] = (Stopwatch.GetElapsedTime(start) - timeout).TotalMilliseconds;
                    if (Interlocked.Decrement(ref left) == 0)
                    {
                        all.SetResult();
                    }
                },
                null);
        }

        await all.Task;
        Array.ForEach(owners, static owner => owner.Dispose());
        Array.Sort(late);
        return (late[Count / 2], late[Count * 99 / 100], late[^1], late.Count(static ms => ms < 0));
    }
}
