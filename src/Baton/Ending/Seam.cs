using System.Diagnostics;

namespace Baton;

/// <summary>
/// Where the threads of the core meet other than in locks of .NET: the points at which a tool that explores
/// schedules may switch between them.
/// </summary>
/// <remarks>
/// Only a build with EXPLORATION defined has such a tool. In every other one a step compiles to nothing, and
/// a wait to <see cref="SpinWait.SpinOnce()"/>.
/// </remarks>
internal static partial class Seam
{
#if !EXPLORATION
    [ThreadStatic]
    private static int t_waits;
#endif

    /// <summary>Another thread may come in here, before what follows.</summary>
    [Conditional("EXPLORATION")]
    internal static void Step() => OnStep();

    /// <summary>Lets the thread that is waited for go on.</summary>
    internal static void Wait(ref SpinWait wait)
    {
#if EXPLORATION
        OnWait();
#else
        wait.SpinOnce();
#endif
    }

    /// <summary>
    /// Called where a thread had to wait for a lock. True once in 64 waits of a thread, which is soon for a
    /// lock that threads meet at often: then it is time to spread what that lock guards.
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
