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

    static partial void OnStep();

    static partial void OnWait();
}
