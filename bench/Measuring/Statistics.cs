namespace Baton.Measuring;

/// <summary>The middle of some figures, and how far they spread.</summary>
public readonly record struct Statistics(double Median, double Lower, double Upper, int Count)
{
    /// <summary>Quartiles are interpolated. No figures at all give zeros.</summary>
    public static Statistics Of(IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToArray();
        return sorted.Length == 0
            ? default
            : new Statistics(At(sorted, 0.5), At(sorted, 0.25), At(sorted, 0.75), sorted.Length);
    }

    /// <summary>
    /// The standard error of the median as a part of it, as if the figures were spread normally: 1.2533 σ /
    /// √n, where σ is the distance of the quartiles over 1.349.
    /// </summary>
    public double Error => Count == 0 || Median == 0
        ? 0
        : 1.2533 / 1.349 * (Upper - Lower) / Math.Sqrt(Count) / Math.Abs(Median);

    /// <summary>The figure below which this part of them lies: 0.99 for p99. Interpolated.</summary>
    public static double At(IEnumerable<double> figures, double part) => At(figures.Order().ToArray(), part);

    private static double At(double[] sorted, double part)
    {
        var place = part * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
