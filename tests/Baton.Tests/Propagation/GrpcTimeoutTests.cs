using CsCheck;

namespace Baton.Tests;

/// <summary>The grammar of gRPC's header.</summary>
public sealed class GrpcTimeoutTests
{
    [Fact]
    public void What_is_written_is_one_to_eight_digits_and_a_unit() =>
        Gen.Long[1, long.MaxValue].Sample(
            static ticks =>
                Assert.Matches("^[0-9]{1,8}[HMSmun]$", GrpcTimeout.Format(TimeSpan.FromTicks(ticks))),
            threads: 1);

    [Theory]
    [InlineData("1H", 3_600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("3S", 3_000)]
    [InlineData("1500m", 1_500)]
    [InlineData("250000u", 250)]
    [InlineData("99999999n", 99.9999)]
    [InlineData("0S", 0)]
    [InlineData("00000001m", 1)]
    public void Every_unit_is_read(string text, double milliseconds)
    {
        Assert.True(GrpcTimeout.TryParse(text, out var read));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("5")]
    [InlineData("5s")]
    [InlineData("-5S")]
    [InlineData("+5S")]
    [InlineData(" 5S")]
    [InlineData("5 S")]
    [InlineData("5.5S")]
    [InlineData("123456789S")]
    [InlineData("٣S")]
    public void Whatever_the_grammar_does_not_allow_is_refused(string text) =>
        Assert.False(GrpcTimeout.TryParse(text, out _));

    [Fact]
    public void What_is_longer_than_the_grammar_can_say_is_cut_to_that() =>
        Assert.Equal("99999999H", GrpcTimeout.Format(TimeSpan.MaxValue));
}
