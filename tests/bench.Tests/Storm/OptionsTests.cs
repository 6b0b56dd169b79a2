namespace Baton.Storm.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Without_arguments_the_storm_lasts_a_minute()
    {
        var options = Options.Parse([], out _);

        Assert.Equal(
            (60, 300, null, false), (options!.Seconds, options.Clients, options.Seed, options.Quick));
    }

    [Fact]
    public void A_quick_one_is_shorter_unless_told_otherwise()
    {
        Assert.Equal(20, Options.Parse(["--quick"], out _)!.Seconds);
        Assert.Equal(30, Options.Parse(["--quick", "--seconds", "30"], out _)!.Seconds);
    }

    [Theory]
    [InlineData("--seconds", "10")]
    [InlineData("--seconds", "3600")]
    [InlineData("--clients", "10")]
    [InlineData("--clients", "2000")]
    [InlineData("--seed", "0")]
    public void Bounds_are_inclusive(params string[] args) => Assert.NotNull(Options.Parse(args, out _));

    [Theory]
    [InlineData("--seconds is a number from 10 to 3600, and '9' is not.", "--seconds", "9")]
    [InlineData("--clients is a number from 10 to 2000, and 'many' is not.", "--clients", "many")]
    [InlineData("--seed is a number from 0 to 2147483647, and '1.5' is not.", "--seed", "1.5")]
    public void What_makes_no_sense_is_refused(string message, params string[] args)
    {
        Assert.Null(Options.Parse(args, out var error));
        Assert.Equal(message, error);
    }
}
