using Microsoft.Coyote.Runtime;

namespace Baton;

// The exploration's side of the seam.
internal static partial class Seam
{
    static partial void OnStep() => SchedulingPoint.Interleave();

    static partial void OnWait() => SchedulingPoint.Yield();
}
