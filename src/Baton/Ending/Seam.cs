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
    /// Called where a thread had to wait for a context's lock. Whether it is time to give that context
    /// branches: now and then, which is soon for one whose lock is wanted often, and hardly ever for another
    /// one.
    /// </summary>
    internal static bool IsCrowded() =>
#if EXPLORATION
        false;
#else
        ++t_waits % 64 == 0;
#endif

    /// <summary>The branch that this thread's core prefers.</summary>
    internal static int PickBranch(int count) =>
#if EXPLORATION
        Random.Shared.Next(0, count);
#else
        Thread.GetCurrentProcessorId() & (count - 1);
#endif

    static partial void OnStep();

    static partial void OnWait();
}
