using System.Diagnostics;

namespace Baton;

/// <summary>
/// The points at which threads of the core meet outside locks of .NET. A tool that explores schedules may
/// switch between threads there.
/// </summary>
/// <remarks>
/// Only a build with EXPLORATION defined has such a tool. In every other build a step compiles to nothing,
/// and a wait to <see cref="SpinWait.SpinOnce()"/>.
/// </remarks>
internal static partial class Seam
{
#if !EXPLORATION
    [ThreadStatic]
    private static int t_waits;
#endif

    /// <summary>Another thread may run here, before what follows.</summary>
    [Conditional("EXPLORATION")]
    internal static void Step() => OnStep();

    /// <summary>Lets the thread go on that this one waits for.</summary>
    internal static void Wait(ref SpinWait wait)
    {
#if EXPLORATION
        OnWait();
#else
        wait.SpinOnce();
#endif
    }

    /// <summary>
    /// Called when a thread has had to wait for a lock. True once in 64 waits of a thread: a lock for which
    /// threads contend often gets there soon, and then what it guards is spread over several locks.
    /// </summary>
    internal static bool IsCrowded() =>
#if EXPLORATION
        false;
#else
        ++t_waits % 64 == 0;
#endif

    /// <summary>The stripe that this thread's core prefers.</summary>
    internal static int PickStripe(int count) =>
#if EXPLORATION
        Random.Shared.Next(0, count);
#else
        Thread.GetCurrentProcessorId() & (count - 1);
#endif

    static partial void OnStep();

    static partial void OnWait();
}
