namespace Baton.AspNetCore.Tests;

/// <summary>Some inputs on every run; tests/search/headerfuzz runs ten million.</summary>
public sealed class HeaderFuzzTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_header_makes_the_reader_throw_allocate_or_misread(int seed)
    {
        var fuzz = new HeaderFuzz.HeaderFuzz(seed);

        Assert.Null(fuzz.Run(20_000));
        Assert.InRange(fuzz.Usable, 1_000, 19_000);
    }
}
