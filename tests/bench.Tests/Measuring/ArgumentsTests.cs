namespace Baton.Measuring.Tests;

public sealed class ArgumentsTests
{
    [Fact]
    public void A_flag_has_no_value_and_an_option_has_the_next_word()
    {
        var given = Arguments.Parse(
            ["--json", "a.json", "--quick"], ["--quick", "--long"], ["--json", "--go"], out var error);

        Assert.NotNull(given);
        Assert.Equal(("", true, false), (error, given.Has("--quick"), given.Has("--long")));
        Assert.Equal(("a.json", null), (given.Value("--json"), given.Value("--go")));
    }

    [Fact]
    public void The_last_of_two_values_counts()
    {
        var given = Arguments.Parse(["--json", "a.json", "--json", "b.json"], [], ["--json"], out _);

        Assert.Equal("b.json", given!.Value("--json"));
    }

    [Theory]
    [InlineData("--json needs a value.", "--json")]
    [InlineData("--json needs a value.", "--json", "--quick")]
    [InlineData("--fast is not an option.", "--quick", "--fast")]
    [InlineData("quick is not an option.", "quick")]
    public void What_makes_no_sense_is_refused(string message, params string[] args)
    {
        Assert.Null(Arguments.Parse(args, ["--quick"], ["--json"], out var error));
        Assert.Equal(message, error);
    }
}
