using CsCheck;

namespace Baton.Tests;

/// <summary>The remaining time becomes the text of a header, and a time again.</summary>
public sealed class DeadlineHeaderTests
{
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<string, Preset> s_all = new()
    {
        ["grpc-timeout"] = new(
            DeadlineHeader.GrpcTimeout,
            TimeSpan.FromTicks(1),
            new TimeSpan(99_999_999 * TimeSpan.TicksPerHour)),
        ["x-envoy-expected-rq-timeout-ms"] = new(
            DeadlineHeader.EnvoyExpectedTimeout, s_millisecond, TimeSpan.MaxValue),
        ["Connect-Timeout-Ms"] = new(
            DeadlineHeader.ConnectTimeoutMs, s_millisecond, TimeSpan.FromMilliseconds(9_999_999_999)),
        ["Prefer"] = new(DeadlineHeader.PreferWait, s_second, TimeSpan.MaxValue),
        ["Request-Timeout"] = new(DeadlineHeader.RequestTimeout, s_second, TimeSpan.MaxValue),
        ["X-Server-Timeout"] = new(DeadlineHeader.ServerTimeout, s_millisecond, TimeSpan.MaxValue),
        ["x-stainless-timeout"] = new(DeadlineHeader.StainlessTimeout, s_millisecond, TimeSpan.MaxValue),
        ["Context-TTL-MS"] = new(
            DeadlineHeader.ContextTtlMs, s_millisecond, TimeSpan.FromMilliseconds(9_223_372_036_854)),
    };

    public static TheoryData<string> Names => [.. s_all.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_read_is_what_was_written_rounded_down_to_the_unit_and_one_unit_for_less(string name)
    {
        var (header, unit, longest) = s_all[name];
        Assert.Equal(name, header.Name);

        Ticks.Sample(
            ticks =>
            {
                var time = TimeSpan.FromTicks(ticks);
                var text = header.Format(time);
                Assert.True(header.TryParse(text, out var read), text);
                var bounded = time > longest ? longest : time;
                if (name == "grpc-timeout")
                {
                    Assert.InRange(read.Ticks, (long)Math.Ceiling(bounded.Ticks * 0.99), bounded.Ticks);
                }
                else
                {
                    Assert.Equal(Math.Max(1, bounded.Ticks / unit.Ticks), read.Ticks / unit.Ticks);
                    Assert.Equal(0, read.Ticks % unit.Ticks);
                    Assert.Equal(text, header.Format(read));
                }
            },
            iter: 20_000,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Whatever_a_caller_sends_reading_it_throws_nothing_and_gives_no_negative_time(string name) =>
        Gen.String[Gen.Char["0123456789HMSmun.,;=\" \\+-eEwait\0\t\u0661\uD800"], 0, 80].Sample(
            text =>
            {
                var isRead = s_all[name].Header.TryParse(text, out var time);
                Assert.True(isRead ? time >= TimeSpan.Zero : time == default);
            },
            iter: 20_000,
            threads: 1);

    [Theory]
    [InlineData("x-envoy-expected-rq-timeout-ms", "250", 250)]
    [InlineData("x-envoy-expected-rq-timeout-ms", "0", 0)]
    [InlineData("Connect-Timeout-Ms", "9999999999", 9_999_999_999)]
    [InlineData("Connect-Timeout-Ms", "0", 0)]
    [InlineData("Request-Timeout", "10", 10_000)]
    [InlineData("X-Server-Timeout", "0.25", 250)]
    [InlineData("X-Server-Timeout", "600", 600_000)]
    [InlineData("X-Server-Timeout", "1.99999999999999999999999999999999", 1999.9999)]
    [InlineData("x-stainless-timeout", "600.0", 600_000)]
    [InlineData("Context-TTL-MS", "1500", 1500)]
    [InlineData("Prefer", "wait=10", 10_000)]
    [InlineData("Prefer", "respond-async, wait=10", 10_000)]
    [InlineData("Prefer", "Wait = \"10\"; x=1, return=minimal", 10_000)]
    [InlineData("Prefer", "note=\"a, wait=5\\\", wait=6\", wait=10, wait=2", 10_000)]
    public void A_time_is_read(string name, string text, double milliseconds)
    {
        Assert.True(s_all[name].Header.TryParse(text, out var time));

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), time);
    }

    [Theory]
    [InlineData("grpc-timeout", "5")]
    [InlineData("x-envoy-expected-rq-timeout-ms", "-5")]
    [InlineData("x-envoy-expected-rq-timeout-ms", "9223372036854775807")]
    [InlineData("Connect-Timeout-Ms", "10000000000")]
    [InlineData("Request-Timeout", "1.5")]
    [InlineData("Request-Timeout", "Thu, 06 Mar 2026 16:56:32 GMT")]
    [InlineData("X-Server-Timeout", ".5")]
    [InlineData("X-Server-Timeout", "5.")]
    [InlineData("X-Server-Timeout", "1e3")]
    [InlineData("X-Server-Timeout", "922337203685.4775808")]
    [InlineData("x-stainless-timeout", "NOT_GIVEN")]
    [InlineData("x-stainless-timeout", "0")]
    [InlineData("Context-TTL-MS", "+5")]
    [InlineData("Prefer", "respond-async")]
    [InlineData("Prefer", "wait")]
    [InlineData("Prefer", "wait=0")]
    [InlineData("Prefer", "wait=soon, wait=5")]
    [InlineData("Prefer", "wait-more=5")]
    [InlineData("Prefer", null)]
    public void What_says_no_time_is_not_read(string name, string? text)
    {
        Assert.False(s_all[name].Header.TryParse(text, out var time));

        Assert.Equal(TimeSpan.Zero, time);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_value_crosses_under_the_name_of_a_deadline_header(string name) =>
        Assert.Throws<ArgumentException>("headerName", () =>
            new ContextPropagation().Register(new ContextKey<string>("key"), name, ContextCodec.Text));

    [Theory]
    [MemberData(nameof(Names))]
    public void Without_a_deadline_there_is_nothing_to_write_and_with_no_time_left_the_least(string name)
    {
        var header = s_all[name].Header;

        Assert.Equal(header.Format(TimeSpan.FromTicks(1)), header.Format(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>("time", () => header.Format(TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>("time", () => header.Format(Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void A_custom_parse_that_throws_or_gives_less_than_zero_reads_no_time()
    {
        Assert.False(Own(static _ => throw new FormatException()).TryParse("1", out _));
        Assert.False(Own(static _ => TimeSpan.FromTicks(-1)).TryParse("1", out _));
        Assert.False(Own(static _ => Timeout.InfiniteTimeSpan).TryParse("1", out _));
        Assert.True(Own(static _ => TimeSpan.Zero).TryParse("1", out _));
    }

    [Fact]
    public void A_parse_is_given_at_most_64_characters_and_a_list_of_preferences_has_at_most_1024()
    {
        var header = Own(static text => TimeSpan.FromTicks(text.Length));

        Assert.True(header.TryParse(new string('1', 64), out var time));
        Assert.Equal(64, time.Ticks);
        Assert.False(header.TryParse(new string('1', 65), out _));
        Assert.True(DeadlineHeader.PreferWait.TryParse(new string('x', 1016) + ", wait=1", out _));
        Assert.False(DeadlineHeader.PreferWait.TryParse(new string('x', 1017) + ", wait=1", out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 \u00b5s")]
    [InlineData("1\r\nx-admin: 1")]
    public void A_custom_format_that_gives_no_header_text_is_refused(string text)
    {
        var header = new DeadlineHeader("x-time", _ => text, static _ => null);

        var error = Assert.Throws<InvalidOperationException>(() => header.Format(s_second));

        Assert.Contains("'x-time'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_custom_format_that_gives_more_than_64_characters_is_refused()
    {
        var header = new DeadlineHeader("x-time", static _ => new string('1', 65), static _ => null);

        Assert.Throws<InvalidOperationException>(() => header.Format(s_second));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("a\r\nb")]
    [InlineData("\u00e4")]
    [InlineData("Content-Type")]
    [InlineData("content-ttl")]
    [InlineData("expires")]
    [InlineData("Allow")]
    public void What_is_no_request_header_is_refused(string name)
    {
        var error = Assert.Throws<ArgumentException>(
            nameof(name), () => new DeadlineHeader(name, static _ => "1", static _ => null));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_null_is_refused()
    {
        Assert.Throws<ArgumentNullException>(
            "name", () => new DeadlineHeader(null!, static _ => "1", static _ => null));
        Assert.Throws<ArgumentNullException>(
            "format", () => new DeadlineHeader("x", null!, static _ => null));
        Assert.Throws<ArgumentNullException>("parse", () => new DeadlineHeader("x", static _ => "1", null!));
    }

    /// <summary>Equally many times of each magnitude, from a tick up to the longest possible.</summary>
    private static Gen<long> Ticks => Gen.Double[0, 19].Select(static power =>
        Math.Pow(10, power) is var ticks && ticks < long.MaxValue ? Math.Max(1, (long)ticks) : long.MaxValue);

    private static DeadlineHeader Own(Func<string, TimeSpan?> parse) =>
        new("x-time", static _ => "1", parse);

    private sealed record Preset(DeadlineHeader Header, TimeSpan Unit, TimeSpan Longest);
}
