namespace Baton.Storm.Tests;

public sealed class SlopeTests
{
    [Fact]
    public void What_grows_evenly_has_that_slope() =>
        Assert.Equal(5, Slope.Of([(0, 1), (10, 51), (30, 151)]));

    [Fact]
    public void One_odd_point_changes_little() =>
        Assert.Equal(0, Slope.Of([(0, 7), (1, 7), (2, 7000), (3, 7), (4, 7)]));

    [Fact]
    public void One_point_has_none() => Assert.Equal(double.NaN, Slope.Of([(1, 1)]));
}
