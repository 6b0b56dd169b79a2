using Baton.Measuring;

namespace Baton.Storm;

/// <summary>What two equal runs differ by: less than that says nothing about two that are not.</summary>
internal sealed class Floor
{
    /// <summary>No worse, where equal runs differ by less.</summary>
    internal const double Least = 1.05;

    private readonly List<double> _differences = [];

    /// <summary>
    /// The most that a ratio may be and count as no worse: the upper quartile of the larger of two equal runs
    /// over the smaller, and no less than <see cref="Least"/>.
    /// </summary>
    internal double Limit => Math.Round(Math.Max(Least, Statistics.Of(_differences).Upper), 2);

    internal void Add(double one, double other) =>
        _differences.Add(Math.Max(one, other) / Math.Min(one, other));
}
