namespace Baton.Measuring.Tests;

public sealed class JudgementTests
{
    [Fact]
    public void The_limit_itself_is_met()
    {
        Assert.Equal("p99 ≤ 50 ms: met", $"{Judgement.AtMost(50, "p99", 50, "ms")}");
        Assert.Equal("Go ≥ 1.05 ×: met", $"{Judgement.AtLeast(1.05, "Go", 1.05, "×")}");
    }

    [Fact]
    public void What_misses_says_by_how_much()
    {
        Assert.Equal("p99 ≤ 50 ms: **missed** (50.25 ms)", $"{Judgement.AtMost(50, "p99", 50.25, "ms")}");
        Assert.Equal("more ≤ 96 B: **missed** (104 B)", $"{Judgement.AtMost(96, "more", 104.4, "B")}");
    }

    [Fact]
    public void What_was_not_measured_is_neither()
    {
        var judgement = Judgement.AtMost(50, "p99", double.NaN, "ms");

        Assert.Equal("p99 ≤ 50 ms: not measured", $"{judgement}");
        Assert.Equal(
            "1 bars met, 0 missed, 1 not measured", Judgement.Summary(
                [judgement, Judgement.AtMost(1, "one", 1, "")]));
    }
}
