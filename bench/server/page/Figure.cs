using Baton.Measuring;

namespace Baton.PageBench;

/// <summary>What was measured, and the bar that its p99 is held against.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Times">How long it took, each time.</param>
/// <param name="Unit">The unit that it is shown in.</param>
/// <param name="Limit">What 99 in 100 are to stay below.</param>
internal sealed record Figure(string Name, TimeSpan[] Times, string Unit, TimeSpan Limit)
{
    internal bool IsMet => P99 <= In(Limit);

    internal string Text => Bench.Text(
        $"{Name,-52}{At(0.5),10:#,0.00}{P99,10:#,0.00}{At(1),10:#,0.00} {Unit}; p99 ≤ {In(Limit):#,0} {Unit}: {(IsMet ? "met" : "missed")}");

    private double P99 => At(0.99);

    private double At(double part) => Statistics.At(Times.Select(In), part);

    private double In(TimeSpan time) => Unit == "ms" ? time.TotalMilliseconds : time.TotalMicroseconds;
}
