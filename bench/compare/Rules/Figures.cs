namespace Baton.Compare;

/// <summary>What the rounds of one act gave.</summary>
/// <remarks>Ratios are taken within a round, where all flavours had the same machine, and only then put in order.</remarks>
internal sealed class Figures
{
    private readonly List<Round> _rounds = [];

    internal Statistics DotNet => Of(static round => round.DotNet?.Nanoseconds);

    internal Statistics Baton => Of(static round => round.Baton?.Nanoseconds);

    internal Statistics Go => Of(static round => round.Go?.Nanoseconds);

    internal double DotNetBytes => Of(static round => round.DotNet?.Bytes).Median;

    internal double BatonBytes => Of(static round => round.Baton?.Bytes).Median;

    internal double GoBytes => Of(static round => round.Go?.Bytes).Median;

    internal Statistics BatonToDotNet => Of(static round => round.Baton?.Nanoseconds / round.DotNet?.Nanoseconds);

    internal Statistics GoToBaton => Of(static round => round.Go?.Nanoseconds / round.Baton?.Nanoseconds);

    /// <summary>Baton's time over the reference that the same slice took, where it took one.</summary>
    internal Statistics ToOwn => Of(static round =>
        round.Baton is { Reference: > 0 } own ? own.Nanoseconds / own.Reference : null);

    internal int Count => _rounds.Count;

    internal void Add(Sample? dotNet, Sample? baton, Sample? go) => _rounds.Add(new Round(dotNet, baton, go));

    private Statistics Of(Func<Round, double?> figure) =>
        Statistics.Of(_rounds.Select(figure).OfType<double>());

    private readonly record struct Round(Sample? DotNet, Sample? Baton, Sample? Go);
}
