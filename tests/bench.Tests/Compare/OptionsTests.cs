namespace Baton.Compare.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Without_arguments_everything_is_measured_at_length()
    {
        Assert.Equal(new Options(), Options.Parse([], out _));
    }

    [Fact]
    public void Options_come_in_any_order()
    {
        var options = Options.Parse(
            ["--go", "/go", "--quick", "--json", "a.json", "--server-gc", "--only", "fan", "--markdown",
                "a.md"], out _);

        Assert.NotNull(options);
        Assert.True(options.Quick);
        Assert.True(options.ServerGC);
        Assert.Equal(
            ("/go", "a.json", "a.md", "fan"), (options.Go, options.Json, options.Markdown, options.Only));
    }

    [Theory]
    [InlineData("--go needs a value.", "--go")]
    [InlineData("--json needs a value.", "--json", "--quick")]
    [InlineData("--fast is not an option.", "--fast")]
    [InlineData("--fast is not an option.", "--fast", "1")]
    [InlineData("quick is not an option.", "--server-gc", "quick")]
    public void What_makes_no_sense_is_refused(string message, params string[] args)
    {
        Assert.Null(Options.Parse(args, out var error));
        Assert.Equal(message, error);
    }
}
