namespace Baton.Measuring.Tests;

public sealed class SeriesTests
{
    [Fact]
    public void Ratios_and_differences_are_taken_within_a_round()
    {
        var series = new Series();
        series.Add(dotNet: 10, baton: 20, go: 40);
        series.Add(dotNet: 100, baton: 200, go: 400);

        Assert.Equal(new Statistics(2, 2, 2, 2), series.BatonToDotNet);
        Assert.Equal(new Statistics(0.5, 0.5, 0.5, 2), series.BatonToGo);
        Assert.Equal(new Statistics(2, 2, 2, 2), series.GoToBaton);
        Assert.Equal(new Statistics(55, 32.5, 77.5, 2), series.BatonLessDotNet);
    }

    [Fact]
    public void What_was_not_taken_does_not_count()
    {
        var series = new Series();
        series.Add(dotNet: null, baton: 20, go: null);
        series.Add(dotNet: 10, baton: 30, go: null);

        Assert.Equal(2, series.Count);
        Assert.Equal(2, series.Baton.Count);
        Assert.Equal(3, series.BatonToDotNet.Median);
        Assert.Equal(0, series.Go.Count);
    }
}
