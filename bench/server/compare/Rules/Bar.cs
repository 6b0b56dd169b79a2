using Baton.Measuring;

namespace Baton.ServerBench;

/// <summary>What is held against a bar.</summary>
internal enum Held
{
    /// <summary>Baton's rate over .NET's: at least the limit.</summary>
    Rate,

    /// <summary>Baton's rate over Go's: at least the limit.</summary>
    RateToGo,

    /// <summary>Baton's time over .NET's: at most the limit.</summary>
    Time,

    /// <summary>Baton's bytes less those of .NET, in whole bytes: at most the limit.</summary>
    BytesMore,
}

/// <summary>What a row must come up to.</summary>
internal sealed record Bar(Held Held, double Limit)
{
    internal Judgement Judge(Series figures) => Held switch
    {
        Held.Rate => Judgement.AtLeast(Limit, ".NET", Middle(figures.BatonToDotNet), "×"),
        Held.RateToGo => Judgement.AtLeast(Limit, "Go", Middle(figures.BatonToGo), "×"),
        Held.Time => Judgement.AtMost(Limit, ".NET", Middle(figures.BatonToDotNet), "×"),
        _ => Judgement.AtMost(Limit, "more than .NET", Math.Round(Middle(figures.BatonLessDotNet)), "B"),
    };

    private static double Middle(Statistics figures) => figures.Count == 0 ? double.NaN : figures.Median;
}
