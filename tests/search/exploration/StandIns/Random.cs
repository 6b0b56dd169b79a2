using Microsoft.Coyote.Random;

namespace Baton;

/// <summary>
/// Stands in for System.Random in the core's sources. The schedule decides, because otherwise it would not be
/// the same when it is run again.
/// </summary>
internal sealed class Random
{
    private Random()
    {
    }

    internal static Random Shared { get; } = new();

    internal void Shuffle(Span<int> values)
    {
        for (var i = 0; i < values.Length - 1; i++)
        {
            var drawn = Next(i, values.Length);
            (values[i], values[drawn]) = (values[drawn], values[i]);
        }
    }

    internal int Next(int minValue, int maxValue)
    {
        _ = this;
        return minValue + Generator.Create().NextInteger(maxValue - minValue);
    }
}
