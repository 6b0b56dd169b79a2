namespace Baton.Measuring;

/// <summary>A bar, what was measured against it, and the outcome.</summary>
/// <param name="Bar">The bar in words.</param>
/// <param name="Value">What was measured; NaN if nothing was.</param>
/// <param name="Unit">The unit of that; "×" for a ratio.</param>
/// <param name="Verdict">The outcome.</param>
public sealed record Judgement(string Bar, double Value, string Unit, Verdict Verdict)
{
    public static Judgement Of(string bar, double value, string unit, Func<double, bool> isMet) => new(
        bar, value, unit,
        double.IsNaN(value) ? Verdict.NotMeasured : isMet(value) ? Verdict.Met : Verdict.Missed);

    /// <summary>Holds a figure against the most that it may be.</summary>
    public static Judgement AtMost(double limit, string what, double value, string unit) =>
        Of(Bench.Text($"{what} ≤ {limit} {unit}").TrimEnd(), value, unit, value => value <= limit);

    /// <summary>Holds a figure against the least that it may be.</summary>
    public static Judgement AtLeast(double limit, string what, double value, string unit) =>
        Of(Bench.Text($"{what} ≥ {limit} {unit}").TrimEnd(), value, unit, value => value >= limit);

    /// <summary>How many are met, missed and not measured.</summary>
    public static string Summary(IReadOnlyCollection<Judgement> all)
    {
        int Count(Verdict verdict) => all.Count(one => one.Verdict == verdict);
        return Bench.Text(
            $"{Count(Verdict.Met)} bars met, {Count(Verdict.Missed)} missed, {Count(Verdict.NotMeasured)} not measured");
    }

    /// <summary>The same for a program.</summary>
    public object ForJson() => new
    {
        Bar,
        Value = double.IsNaN(Value) ? (double?)null : Value,
        Verdict = Verdict.ToString(),
    };

    public override string ToString() => Verdict switch
    {
        Verdict.Met => $"{Bar}: met",
        Verdict.Missed => Bench.Text(
            $"{Bar}: **missed** ({(Unit == "B" ? Math.Round(Value) : Value):0.###} {Unit}").TrimEnd() + ")",
        _ => $"{Bar}: not measured",
    };
}
