using System.Runtime.CompilerServices;

namespace Baton.Acts;

/// <summary>
/// Keeps acts honest: checks that an effect has happened, and lets objects escape from the method.
/// </summary>
internal static class Made
{
    internal static void Canceled(bool isCanceled)
    {
        if (!isCanceled)
        {
            throw new InvalidOperationException("The act left something live that it should have canceled.");
        }
    }

    /// <summary>
    /// Waits until all tasks have ended, so that the code that ends them does not disturb the next
    /// measurement.
    /// </summary>
    internal static void Completed(Task[] made)
    {
        foreach (var task in made)
        {
            while (!task.IsCompleted)
            {
                Thread.Yield();
            }
        }
    }

    /// <summary>Lets an object escape, so that it is made on the heap.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Escape(object made) => _ = made;
}
