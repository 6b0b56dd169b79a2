namespace Baton.Testing;

/// <summary>The longest time that a test waits for something, on the system's clock.</summary>
internal static class Limit
{
    /// <summary>Waits for a task that does not fail; false if it has not completed in time.</summary>
    internal static async Task<bool> IsKeptAsync(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
