using Baton.Measuring;

namespace Baton.ServerBench.Tests;

public sealed class BarTests
{
    [Theory]
    [InlineData(98, Verdict.Met)]
    [InlineData(97, Verdict.Missed)]
    public void A_rate_is_to_be_as_high(double baton, Verdict verdict) =>
        Assert.Equal(verdict, new Bar(Held.Rate, 0.98).Judge(Of(100, baton)).Verdict);

    [Theory]
    [InlineData(105, Verdict.Met)]
    [InlineData(104, Verdict.Missed)]
    public void A_rate_is_to_be_higher_than_that_of_go(double baton, Verdict verdict) =>
        Assert.Equal(verdict, new Bar(Held.RateToGo, 1.05).Judge(Of(1, baton, go: 100)).Verdict);

    [Theory]
    [InlineData(120, Verdict.Met)]
    [InlineData(121, Verdict.Missed)]
    public void A_time_is_to_be_as_short(double baton, Verdict verdict) =>
        Assert.Equal(verdict, new Bar(Held.Time, 1.2).Judge(Of(100, baton)).Verdict);

    [Theory]
    [InlineData(100.4, 0, Verdict.Met)]
    [InlineData(101, 0, Verdict.Missed)]
    [InlineData(350, 250, Verdict.Met)]
    [InlineData(351, 250, Verdict.Missed)]
    public void Bytes_are_whole_and_held_against_those_of_dotnet(
        double baton, double limit, Verdict verdict) =>
        Assert.Equal(verdict, new Bar(Held.BytesMore, limit).Judge(Of(100, baton)).Verdict);

    [Fact]
    public void Without_go_nothing_is_held_against_it() =>
        Assert.Equal(Verdict.NotMeasured, new Bar(Held.RateToGo, 1.05).Judge(Of(100, 100)).Verdict);

    private static Series Of(double dotNet, double baton, double? go = null)
    {
        var figures = new Series();
        figures.Add(dotNet, baton, go);
        return figures;
    }
}
