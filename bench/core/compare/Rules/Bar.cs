using Baton.Measuring;

namespace Baton.Compare;

/// <summary>What is compared with a bar.</summary>
internal enum Measure
{
    /// <summary>Baton's time over .NET's: at most the limit.</summary>
    Time,

    /// <summary>The same, or more by so little that it is noise: <see cref="Bar.Noise"/>.</summary>
    TimeOrNoise,

    /// <summary>Bytes of one act: at most the limit.</summary>
    Bytes,

    /// <summary>Baton's bytes over .NET's: at most the limit.</summary>
    BytesRatio,

    /// <summary>Go's time over Baton's: at least the limit.</summary>
    Go,

    /// <summary>Baton's time over its own time in an easier case: at most the limit.</summary>
    Own,
}

/// <summary>A limit that an act has to meet.</summary>
internal sealed record Bar(Measure Measure, double Limit)
{
    /// <summary>How far two equal loops differ, in nanoseconds: about half a cycle.</summary>
    internal const double Noise = 0.3;

    internal Judgement Judge(Figures figures)
    {
        return Judgement.Of(ToString(), Value(figures), Measure == Measure.Bytes ? "B" : "×", IsMet);

        bool IsMet(double value) => Measure switch
        {
            Measure.Go => value >= Limit,
            Measure.TimeOrNoise => value <= Limit || figures.Baton.Median - figures.DotNet.Median <= Noise,
            Measure.Bytes => Math.Round(value) <= Limit,
            _ => value <= Limit,
        };
    }

    public override string ToString() => Measure switch
    {
        Measure.Time => Bench.Text($"≤ {Limit} × .NET"),
        Measure.TimeOrNoise => Bench.Text($"≤ {Limit} × .NET or + {Noise} ns"),
        Measure.Bytes => Bench.Text($"≤ {Limit} B"),
        Measure.BytesRatio => Bench.Text($"≤ {Limit} × .NET's bytes"),
        Measure.Go => Bench.Text($"Go ≥ {Limit} ×"),
        _ => Bench.Text($"≤ {Limit} × its own"),
    };

    private double Value(Figures figures) => Measure switch
    {
        Measure.Bytes => figures.Baton.Count == 0 ? double.NaN : figures.BatonBytes,
        Measure.BytesRatio => figures.DotNetBytes == 0
            ? double.NaN
            : Math.Round(figures.BatonBytes) / Math.Round(figures.DotNetBytes),
        Measure.Go => Middle(figures.GoToBaton),
        Measure.Own => Middle(figures.ToOwn),
        _ => Middle(figures.BatonToDotNet),
    };

    private static double Middle(Statistics ratios) => ratios.Count == 0 ? double.NaN : ratios.Median;
}
