namespace Baton.Overload.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Without_arguments_the_work_waits() => Assert.Equal(new Options(), Options.Parse([], out _));

    [Fact]
    public void Options_come_in_any_order()
    {
        var options = Options.Parse(
            ["--svg", "a.svg", "--cpu", "--json", "a.json", "--quick", "--markdown", "a.md"], out _);

        Assert.NotNull(options);
        Assert.Equal((true, true), (options.IsCpuBound, options.Quick));
        Assert.Equal(("a.svg", "a.json", "a.md"), (options.Svg, options.Json, options.Markdown));
    }
}
