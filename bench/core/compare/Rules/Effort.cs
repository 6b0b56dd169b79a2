using System.Globalization;
using Baton.Measuring;

namespace Baton.Compare;

/// <summary>How long to measure: the slices, the rounds, and when a median has settled.</summary>
/// <param name="Launches">
/// How often the workers are started anew, because each time the JIT and the heap turn out differently.
/// </param>
/// <param name="Least">The rounds of a launch that every act takes part in.</param>
/// <param name="Most">The rounds of a launch after which an act ends even if it has not settled.</param>
/// <param name="MostHeavy">The same for acts that build something by the million.</param>
/// <param name="Slice">How long one flavour runs at a stretch.</param>
internal sealed record Effort(int Launches, int Least, int Most, int MostHeavy, TimeSpan Slice)
{
    /// <summary>The largest standard error of a settled median, as a part of the median.</summary>
    internal const double Tolerance = 0.01;

    internal static Effort Full { get; } =
        new(Launches: 3, Least: 5, Most: 15, MostHeavy: 2, TimeSpan.FromMilliseconds(30));

    internal static Effort Quick { get; } =
        new(Launches: 1, Least: 9, Most: 9, MostHeavy: 1, TimeSpan.FromMilliseconds(10));

    /// <summary>Whether an act runs in the round with this number, counted from zero in its launch.</summary>
    internal bool Runs(int round, bool isHeavy, params IEnumerable<Statistics> ratios) => isHeavy
        ? round < MostHeavy
        : round < Least || (round < Most && ratios.Any(static ratio => ratio.Error > Tolerance));

    internal string Rule
    {
        get
        {
            var rounds = Least == Most ? $"{Most} rounds each" : $"{Least} to {Most} rounds each";
            var settles = Least == Most
                ? ""
                : string.Create(Invariant, $"; an act is left when the standard error of its median ratios is at most {Tolerance:P0}");
            return string.Create(
                Invariant,
                $"launches of every worker: {Launches}, {rounds}, {Slice.TotalMilliseconds:0} ms a slice{settles}; by the million: {MostHeavy} a launch");
        }
    }

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;
}
