namespace Baton.Storm.Tests;

public sealed class FloorTests
{
    [Fact]
    public void Runs_that_hardly_differ_leave_the_bar_where_it_is()
    {
        var floor = new Floor();
        floor.Add(100, 101);
        floor.Add(102, 100);

        Assert.Equal(1.05, floor.Limit);
    }

    [Fact]
    public void Equal_runs_that_differ_raise_it_to_the_upper_quartile_of_the_larger_over_the_smaller()
    {
        var floor = new Floor();
        foreach (var other in (double[])[110, 90.9090909, 120, 130, 140])
        {
            floor.Add(100, other);
        }

        Assert.Equal(1.3, floor.Limit);
    }

    [Fact]
    public void Nothing_measured_raises_nothing() => Assert.Equal(1.05, new Floor().Limit);
}
