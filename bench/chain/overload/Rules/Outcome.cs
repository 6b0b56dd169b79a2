using Baton.Measuring;

namespace Baton.Overload;

/// <summary>What a load gave.</summary>
/// <param name="Goodput">Answers in time, a second.</param>
/// <param name="Wasted">The part of the work whose answer nobody could use.</param>
/// <param name="P50">Of good answers, in milliseconds; NaN without any.</param>
/// <param name="P99">The same.</param>
internal sealed record Outcome(double Goodput, double Wasted, double P50, double P99)
{
    /// <param name="asked">All requests.</param>
    /// <param name="spent">
    /// The seconds of work that each has cost; a request that cost none may be missing.
    /// </param>
    /// <param name="seconds">How long requests were sent.</param>
    internal static Outcome Of(
        IReadOnlyCollection<Asked> asked, IReadOnlyDictionary<int, double> spent, double seconds)
    {
        var good = asked.Where(static one => one.Took is not null).ToArray();
        var all = spent.Values.Sum();
        var useful = good.Sum(one => spent.GetValueOrDefault(one.Id));
        var took = good.Select(static one => one.Took!.Value).ToArray();
        return new Outcome(
            good.Length / seconds,
            all == 0 ? 0 : Math.Max(0, (all - useful) / all),
            took.Length == 0 ? double.NaN : Statistics.At(took, 0.5),
            took.Length == 0 ? double.NaN : Statistics.At(took, 0.99));
    }
}
