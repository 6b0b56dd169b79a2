using Baton.Measuring;

namespace Baton.Storm;

/// <summary>How fast something grows.</summary>
internal static class Slope
{
    /// <summary>
    /// The median of the slopes between all pairs of points: one odd point changes nothing. NaN for fewer
    /// than two.
    /// </summary>
    internal static double Of(IReadOnlyList<(double X, double Y)> points)
    {
        var slopes = new List<double>();
        for (var i = 0; i < points.Count; i++)
        {
            for (var j = i + 1; j < points.Count; j++)
            {
                slopes.Add((points[j].Y - points[i].Y) / (points[j].X - points[i].X));
            }
        }

        return slopes.Count == 0 ? double.NaN : Statistics.Of(slopes).Median;
    }
}
