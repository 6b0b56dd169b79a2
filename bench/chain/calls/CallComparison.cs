using Baton.Measuring;

namespace Baton.Calls;

/// <summary>What a call costs in two ways, round by round: ratios are taken within a round.</summary>
internal sealed class CallComparison(string name)
{
    private readonly List<(Cost Bare, Cost Baton)> _rounds = [];

    internal static string Heading => Bench.Text(
        $"{"",-36}{"bare",9}{"Baton",9}{"ratio",8}{"quartiles",14}{"error",8}{"processor",11}{"more",8}");

    internal string Name => name;

    /// <summary>The calls a second with Baton to those of a plain client.</summary>
    internal Statistics Throughput => Of(static one => one.Baton.Rate / one.Bare.Rate);

    /// <summary>The processor time of a call with Baton to that of a plain one, with the peer's.</summary>
    internal Statistics Processor => Of(static one => one.Baton.Processor / one.Bare.Processor);

    /// <summary>The bytes that a call with Baton allocates more.</summary>
    internal double More => Of(static one => one.Baton.Each - one.Bare.Each).Median;

    internal void Add(Cost bare, Cost baton) => _rounds.Add((bare, baton));

    public override string ToString()
    {
        var (bare, baton) = (Of(static one => one.Bare.Rate), Of(static one => one.Baton.Rate));
        var ratio = Throughput;
        return Bench.Text($"{name,-36}{bare.Median,7:0}/s{baton.Median,7:0}/s{ratio.Median,8:0.000}")
            + Bench.Text($"{ratio.Lower,8:0.000}-{ratio.Upper:0.000}{ratio.Error * ratio.Median,8:0.000}")
            + Bench.Text($"{Processor.Median,11:0.000}{More,6:0} B");
    }

    private Statistics Of(Func<(Cost Bare, Cost Baton), double> figure) =>
        Statistics.Of(_rounds.Select(figure));
}
