using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Baton.Tests;

/// <summary>
/// Waits for something that happens on another thread. Names the line that waited if it never does.
/// </summary>
internal static class WaitFor
{
    /// <summary>Far longer than anything here takes, on a machine that is busy with something else.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    internal static async Task Completion(
        Task task, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        try
        {
            await task.WaitAsync(s_limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException(
                $"Still waiting after {s_limit.TotalSeconds} s at {Path.GetFileName(file)}:{line}.");
        }
    }

    internal static async Task<T> Result<T>(
        Task<T> task, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        await Completion(task, file, line);
        return await task;
    }

    /// <summary>For a state that nothing announces. Yields between looks.</summary>
    internal static async Task True(
        Func<bool> condition, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > s_limit)
            {
                throw new TimeoutException(
                    $"Still not so after {s_limit.TotalSeconds} s at {Path.GetFileName(file)}:{line}.");
            }

            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
