using System.Diagnostics;

namespace Baton.Lateness;

/// <summary>What deadlines cost while none of them is due.</summary>
internal static class Idle
{
    internal const int Count = 1_000_000;

    internal static TimeSpan Watched { get; } = TimeSpan.FromSeconds(5);

    /// <param name="kind">Null for no deadlines: what the process costs by itself.</param>
    internal static async Task<TimeSpan> MeasureAsync(Deadlines? kind)
    {
        var owners = new IDisposable[kind is null ? 0 : Count];
        for (var i = 0; i < owners.Length; i++)
        {
            owners[i] = kind!.Start(TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(i)).Owner;
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        await Task.Delay(TimeSpan.FromSeconds(1));

        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        await Task.Delay(Watched);
        process.Refresh();
        var used = process.TotalProcessorTime - before;
        Array.ForEach(owners, static owner => owner.Dispose());
        return used;
    }
}
