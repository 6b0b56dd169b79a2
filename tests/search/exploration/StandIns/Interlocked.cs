using System.Numerics;

namespace Baton;

/// <summary>
/// Stands in for System.Threading.Interlocked in the core's sources, because Coyote does not know its later
/// overloads. It is atomic, because one operation runs at a time, up to its next step.
/// </summary>
internal static class Interlocked
{
    internal static T CompareExchange<T>(ref T location, T value, T comparand)
    {
        Seam.Step();
        var seen = location;
        var isEqual = typeof(T).IsValueType
            ? EqualityComparer<T>.Default.Equals(seen, comparand)
            : ReferenceEquals(seen, comparand);
        if (isEqual)
        {
            location = value;
        }

        return seen;
    }

    internal static T Exchange<T>(ref T location, T value)
    {
        Seam.Step();
        var seen = location;
        location = value;
        return seen;
    }

    internal static T Increment<T>(ref T location)
        where T : INumber<T> => Add(ref location, T.One);

    internal static T Decrement<T>(ref T location)
        where T : INumber<T> => Add(ref location, -T.One);

    internal static T Add<T>(ref T location, T value)
        where T : INumber<T>
    {
        Seam.Step();
        return location += value;
    }

    internal static long Read(ref readonly long location)
    {
        Seam.Step();
        return location;
    }

    internal static void MemoryBarrier() => Seam.Step();
}
