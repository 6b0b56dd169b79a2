namespace Baton.ServerBench.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Without_arguments_every_row_is_measured_at_length()
    {
        var options = Options.Parse([], out _);

        Assert.Equal(new Options(), options);
        Assert.True(options!.Picks("plain"));
    }

    [Fact]
    public void Options_come_in_any_order()
    {
        var options = Options.Parse(
            ["--go", "/go", "--quick", "--json", "a.json", "--only", "pla", "--markdown", "a.md"], out _);

        Assert.NotNull(options);
        Assert.Equal(
            (true, "/go", "a.json", "a.md"), (options.Quick, options.Go, options.Json, options.Markdown));
        Assert.True(options.Picks("plain"));
        Assert.False(options.Picks("derive"));
    }
}
