namespace Baton.Measuring;

/// <summary>One figure of .NET, Baton and Go, taken in rounds.</summary>
/// <remarks>
/// Ratios are taken within a round, where all had the same machine, and only then put in order.
/// </remarks>
public sealed class Series
{
    private readonly List<(double? DotNet, double? Baton, double? Go)> _rounds = [];

    public int Count => _rounds.Count;

    public Statistics DotNet => Of(static round => round.DotNet);

    public Statistics Baton => Of(static round => round.Baton);

    public Statistics Go => Of(static round => round.Go);

    public Statistics BatonToDotNet => Of(static round => round.Baton / round.DotNet);

    public Statistics BatonToGo => Of(static round => round.Baton / round.Go);

    public Statistics GoToBaton => Of(static round => round.Go / round.Baton);

    /// <summary>What Baton's figure is over that of .NET.</summary>
    public Statistics BatonLessDotNet => Of(static round => round.Baton - round.DotNet);

    public void Add(double? dotNet, double? baton, double? go) => _rounds.Add((dotNet, baton, go));

    private Statistics Of(Func<(double? DotNet, double? Baton, double? Go), double?> figure) =>
        Statistics.Of(_rounds.Select(figure).OfType<double>());
}
