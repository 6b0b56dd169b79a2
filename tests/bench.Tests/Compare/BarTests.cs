using Baton.Measuring;

namespace Baton.Compare.Tests;

public sealed class BarTests
{
    [Theory]
    [InlineData(120, Verdict.Met)]
    [InlineData(121, Verdict.Missed)]
    public void Time_is_held_against_that_of_dotnet(double baton, object verdict)
    {
        var figures = Of(dotNet: new(100, 0, 0, 0), new(baton, 0, 0, 0));

        Assert.Equal(verdict, new Bar(Measure.Time, 1.2).Judge(figures).Verdict);
    }

    [Theory]
    [InlineData(96, Verdict.Met)]
    [InlineData(96.004, Verdict.Met)]
    [InlineData(104, Verdict.Missed)]
    public void Bytes_are_whole(double bytes, object verdict)
    {
        var figures = Of(dotNet: null, new(1, bytes, 0, 0));

        Assert.Equal(verdict, new Bar(Measure.Bytes, 96).Judge(figures).Verdict);
    }

    [Theory]
    [InlineData(128, Verdict.Met)]
    [InlineData(136, Verdict.Missed)]
    public void Bytes_may_be_held_against_those_of_dotnet(double bytes, object verdict)
    {
        var figures = Of(dotNet: new(1, 152, 0, 0), new(1, bytes, 0, 0));

        Assert.Equal(verdict, new Bar(Measure.BytesRatio, 0.85).Judge(figures).Verdict);
    }

    [Theory]
    [InlineData(0.5, 0.54, Verdict.Met)]
    [InlineData(0.5, 0.79, Verdict.Met)]
    [InlineData(0.5, 0.81, Verdict.Missed)]
    [InlineData(5.0, 5.4, Verdict.Met)]
    [InlineData(5.0, 5.6, Verdict.Missed)]
    public void A_difference_within_the_noise_is_none(double dotNet, double baton, object verdict)
    {
        var figures = Of(dotNet: new(dotNet, 0, 0, 0), new(baton, 0, 0, 0));

        Assert.Equal(verdict, new Bar(Measure.TimeOrNoise, 1.1).Judge(figures).Verdict);
    }

    [Theory]
    [InlineData(500, Verdict.Met)]
    [InlineData(499, Verdict.Missed)]
    public void Go_must_be_slower_by_as_much(double go, object verdict)
    {
        var figures = Of(dotNet: null, new(100, 0, 0, 0), new(go, 0, 0, 0));

        Assert.Equal(verdict, new Bar(Measure.Go, 5).Judge(figures).Verdict);
    }

    [Fact]
    public void What_was_not_measured_is_not_missed()
    {
        var figures = Of(dotNet: null, new(100, 0, 0, 0));

        Assert.Equal(Verdict.NotMeasured, new Bar(Measure.Go, 5).Judge(figures).Verdict);
        Assert.Equal(Verdict.NotMeasured, new Bar(Measure.Time, 1).Judge(figures).Verdict);
        Assert.Equal(Verdict.NotMeasured, new Bar(Measure.BytesRatio, 1).Judge(figures).Verdict);
        Assert.Equal(Verdict.NotMeasured, new Bar(Measure.Own, 1).Judge(figures).Verdict);
    }

    [Theory]
    [InlineData(100, Verdict.Met)]
    [InlineData(80, Verdict.Missed)]
    public void An_act_may_be_held_against_itself(double reference, object verdict)
    {
        var figures = Of(dotNet: null, new(110, 0, reference, 0));

        Assert.Equal(verdict, new Bar(Measure.Own, 1.2).Judge(figures).Verdict);
    }

    [Fact]
    public void A_ratio_is_taken_within_each_round()
    {
        var figures = new Figures();
        figures.Add(new Sample(10, 0, 0, 0), new Sample(20, 0, 0, 0), null);
        figures.Add(new Sample(100, 0, 0, 0), new Sample(200, 0, 0, 0), null);
        figures.Add(new Sample(1000, 0, 0, 0), new Sample(2000, 0, 0, 0), null);

        Assert.Equal(new Statistics(2, 2, 2, 3), figures.BatonToDotNet);
        Assert.Equal(100, figures.DotNet.Median);
    }

    private static Figures Of(Sample? dotNet, Sample baton, Sample? go = null)
    {
        var figures = new Figures();
        figures.Add(dotNet, baton, go);
        return figures;
    }
}
