using System.Runtime.CompilerServices;

namespace Baton.Acts;

/// <summary>Keeps acts honest: what was to happen has happened, and what was made has left the method.</summary>
internal static class Made
{
    internal static void Canceled(bool isCanceled)
    {
        if (!isCanceled)
        {
            throw new InvalidOperationException("The act left something live that it was to cancel.");
        }
    }

    /// <summary>Lets an object escape, so that it is made on the heap.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Escape(object made) => _ = made;
}
