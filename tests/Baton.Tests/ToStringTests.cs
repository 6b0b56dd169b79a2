using System.Diagnostics;
using System.Reflection;

namespace Baton.Tests;

public sealed class ToStringTests
{
    private const string Secret = "hunter2-must-not-be-seen";

    private static readonly ContextKey<string> s_password = new("password");
    private static readonly ContextKey<object> s_holder = new("holder");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly Context _root;

    public ToStringTests() => _root = Context.Root(_clock);

    [Fact]
    public void Each_kind_prints_its_step()
    {
        using var source = new CancellationTokenSource();
        using var canceled = Context.Background.WithCancel();

        Assert.Equal("Background", Context.Background.ToString());
        Assert.Equal("Todo", Context.Todo.ToString());
        Assert.Equal("FromToken", Context.FromToken(source.Token).ToString());
        Assert.Equal("Background.WithCancel", canceled.ToString());
        Assert.Equal("Background.WithCancel", Context.FromToken(canceled).ToString());
        Assert.Equal("Todo.WithoutCancel", Context.Todo.WithoutCancel().ToString());
        Assert.Equal(
            "Background.WithValue(password)", Context.Background.WithValue(s_password, Secret).ToString());
        Assert.Equal("Root(FakeTimeProvider)", _root.ToString());
        Assert.Equal("Todo.WithCancel(token)", Context.Todo.WithCancel(source.Token).ToString());
        Assert.Equal("Todo.WithCancel(token)", Context.Todo.WithCancel(canceled).ToString());
    }

    [Fact]
    public void A_chain_prints_from_the_root_down()
    {
        using var cancel = _root.WithCancel();
        using var deadline = cancel.WithTimeout(TimeSpan.FromMilliseconds(1900));
        var ctx = deadline.WithValue(s_password, Secret);

        Assert.Equal(
            "Root(FakeTimeProvider).WithCancel"
            + ".WithDeadline(2026-01-02 03:04:06.9 +00:00 [1.9s left]).WithValue(password)",
            ctx.ToString());
    }

    [Theory]
    [InlineData(TimeSpan.TicksPerHour + TimeSpan.TicksPerSecond + (TimeSpan.TicksPerSecond / 2), "1h0m1.5s")]
    [InlineData(TimeSpan.TicksPerMinute * 3, "3m0s")]
    [InlineData(TimeSpan.TicksPerDay * 2, "48h0m0s")]
    [InlineData(TimeSpan.TicksPerMillisecond * 20, "20ms")]
    [InlineData(TimeSpan.TicksPerMillisecond + 5_000, "1.5ms")]
    [InlineData(TimeSpan.TicksPerSecond - 1, "999.9ms")]
    [InlineData((TimeSpan.TicksPerSecond * 60) - 1, "59.9999s")]
    [InlineData(1, "0s")]
    [InlineData(0, "0s")]
    [InlineData(-TimeSpan.TicksPerSecond * 90, "-1m30s")]
    public void The_time_left_is_printed_as_Go_does(long ticks, string text)
    {
        using var ctx = _root.WithTimeout(new TimeSpan(ticks));

        Assert.EndsWith($" [{text} left])", ctx.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void After_expiry_the_time_left_is_negative()
    {
        using var ctx = _root.WithTimeout(TimeSpan.FromSeconds(1));

        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.EndsWith("(2026-01-02 03:04:06 +00:00 [-2s left])", ctx.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_ends_of_time_can_be_printed()
    {
        using var first = _root.WithDeadline(DateTimeOffset.MinValue);
        using var last = _root.WithDeadline(DateTimeOffset.MaxValue);
        using var longest = _root.WithTimeout(TimeSpan.MaxValue);
        using var shortest = _root.WithTimeout(TimeSpan.MinValue);

        const string Earliest = ".WithDeadline(0001-01-01 00:00:00 +00:00 [-";
        const string Latest = ".WithDeadline(9999-12-31 23:59:59.9999999 +00:00 [";
        Assert.Contains(Earliest, first.ToString(), StringComparison.Ordinal);
        Assert.Contains(Earliest, shortest.ToString(), StringComparison.Ordinal);
        Assert.Contains(Latest, last.ToString(), StringComparison.Ordinal);
        Assert.Contains(Latest, longest.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_written_the_same_in_every_culture()
    {
        using var ctx = _root.WithTimeout(TimeSpan.FromMilliseconds(1500));
        var expected = ctx.ToString();
        var culture = Thread.CurrentThread.CurrentCulture;

        try
        {
            Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo("ar-SA");
            Assert.Equal(expected, ctx.ToString());
            Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo("de-DE");
            Assert.Equal(expected, ctx.ToString());
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = culture;
        }
    }

    [Fact]
    public void A_value_is_never_printed_wherever_it_sits()
    {
        var value = _root.WithValue(s_password, Secret).WithValue(s_holder, new Loud());
        using var cancel = value.WithCancel();
        using var deadline = cancel.WithTimeout(
            TimeSpan.FromSeconds(1), new InvalidOperationException(Secret));
        using var merged = _root.WithCancel(deadline);
        cancel.Cancel(new InvalidOperationException(Secret));
        var again = deadline.WithValue(s_password, Secret);
        Context[] all = [value, cancel, deadline, merged, again, value.WithoutCancel()];

        Assert.All(all, ctx => Assert.DoesNotContain(Secret, ctx.ToString(), StringComparison.Ordinal));
        Assert.All(
            all, ctx => Assert.DoesNotContain(Secret, ctx.Err?.Message ?? "", StringComparison.Ordinal));
        Assert.Equal(2, value.ToString().Split(".WithValue(").Length - 1);
    }

    [Fact]
    public void The_debugger_shows_the_same()
    {
        var shown = typeof(Context).GetCustomAttribute<DebuggerDisplayAttribute>();

        Assert.Equal("{ToString(),nq}", shown?.Value);
        Assert.Equal("password", s_password.ToString());
    }

    private sealed class Loud
    {
        public override string ToString() => Secret;
    }
}
