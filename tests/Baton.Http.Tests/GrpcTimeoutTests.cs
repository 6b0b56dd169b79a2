using CsCheck;

namespace Baton.Http.Tests;

/// <summary>What is written for a service to read: never more time than there is, and hardly less.</summary>
public sealed class GrpcTimeoutTests
{
    [Fact]
    public void What_is_read_is_never_more_than_what_was_written_and_loses_less_than_one_percent()
    {
        // As many of each magnitude: from a tick up to the longest that the grammar can say.
        var ticks = Gen.Select(Gen.Double[0, 18], static power =>
            (long)Math.Min(Math.Pow(10, power), 99_999_999d * TimeSpan.TicksPerHour));

        ticks.Sample(
            count =>
            {
                var time = TimeSpan.FromTicks(Math.Max(1, count));
                var text = GrpcTimeout.Format(time);
                Assert.Matches("^[0-9]{1,8}[HMSmun]$", text);
                Assert.True(GrpcTimeout.TryParse(text, out var read));
                Assert.InRange(read.Ticks, (long)Math.Ceiling(time.Ticks * 0.99), time.Ticks);
            },
            iter: 100_000,
            threads: 1);
    }

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
