using Baton.Measuring;

namespace Baton.ServerBench;

/// <summary>What is measured of one act.</summary>
/// <param name="Name">What <c>--only</c> picks it by.</param>
/// <param name="Title">The act.</param>
/// <param name="Unit">The unit of its figures.</param>
internal sealed record Row(string Name, string Title, Unit Unit)
{
    internal Series Figures { get; } = new();

    internal IReadOnlyList<Bar> Bars { get; init; } = [];

    internal IEnumerable<Judgement> Judgements => Bars.Select(bar => bar.Judge(Figures));
}

internal enum Unit
{
    PerSecond,
    Microseconds,
    Milliseconds,
    Bytes,
}
