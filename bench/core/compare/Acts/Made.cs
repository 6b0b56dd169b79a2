using System.Runtime.CompilerServices;

namespace Baton.Acts;

/// <summary>
/// Keeps acts honest: what was to happen has happened, and what was made has left the method.
/// </summary>
internal static class Made
{
    internal static void Canceled(bool isCanceled)
    {
        if (!isCanceled)
        {
            throw new InvalidOperationException("The act left something live that it was to cancel.");
        }
    }

    /// <summary>
    /// Waits until all are over, so that what ends them does not run beside the next measurement.
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
