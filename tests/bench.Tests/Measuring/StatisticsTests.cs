namespace Baton.Measuring.Tests;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(new double[] { 7 }, 7, 7, 7)]
    [InlineData(new double[] { 3, 1, 2 }, 2, 1.5, 2.5)]
    [InlineData(new double[] { 4, 1, 3, 2 }, 2.5, 1.75, 3.25)]
    [InlineData(new double[] { 1, 1, 1, 1000, 1 }, 1, 1, 1)]
    public void Quartiles_are_interpolated_and_order_does_not_matter(
        double[] figures, double median, double lower, double upper)
    {
        Assert.Equal(new Statistics(median, lower, upper, figures.Length), Statistics.Of(figures));
    }

    [Fact]
    public void No_figures_at_all_give_zeros()
    {
        Assert.Equal(default, Statistics.Of([]));
        Assert.Equal(0, default(Statistics).Error);
    }

    [Fact]
    public void The_error_shrinks_with_the_root_of_the_count_and_grows_with_the_spread()
    {
        var few = new Statistics(Median: 2, Lower: 1.9, Upper: 2.1, Count: 4);

        Assert.Equal(1.2533 / 1.349 * 0.2 / 2 / 2, few.Error, 12);
        Assert.Equal(few.Error / 2, (few with { Count = 16 }).Error, 12);
        Assert.Equal(few.Error * 2, (few with { Lower = 1.8, Upper = 2.2 }).Error, 12);
    }

    [Fact]
    public void Equal_figures_have_no_error()
    {
        Assert.Equal(0, Statistics.Of([5, 5, 5]).Error);
    }

    [Fact]
    public void A_part_of_the_figures_lies_below_its_percentile()
    {
        Assert.Equal(99, Statistics.At(Enumerable.Range(0, 101).Select(static i => (double)i), 0.99));
        Assert.Equal(7, Statistics.At([7], 0.99));
    }
}
