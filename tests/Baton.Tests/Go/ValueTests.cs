namespace Baton.Tests.Go;

public sealed class ValueTests
{
    private static readonly ContextKey<string> s_first = new("first");
    private static readonly ContextKey<string?> s_second = new("second");
    private static readonly ContextKey<int> s_third = new("third");

    [Fact]
    [GoTest(27)]
    public void A_value_is_seen_under_its_own_key_only()
    {
        var namesake = new ContextKey<string>("first");
        var ofAnotherType = new ContextKey<object>("first");
        var ctx = Context.Background.WithValue(s_first, "one");

        Assert.Equal("one", ctx.Value(s_first));
        Assert.False(ctx.TryGetValue(s_second, out _));
        Assert.False(ctx.TryGetValue(namesake, out _));
        Assert.False(ctx.TryGetValue(ofAnotherType, out _));
    }

    [Fact]
    [GoTest(28)]
    public void A_value_prints_its_key_and_nothing_else()
    {
        var ctx = Context.Background.WithValue(s_first, "secret");

        Assert.Equal("Background.WithValue(first)", ctx.ToString());
    }

    [Fact]
    [GoTest(29)]
    public void Stacked_values_are_all_seen_and_all_keys_printed()
    {
        var two = Context.Background.WithValue(s_first, "one").WithValue(s_second, "two");
        var three = two.WithValue(s_third, 3);

        Assert.Equal(("one", "two", 0), (two.Value(s_first), two.Value(s_second), two.Value(s_third)));
        Assert.Equal(("one", "two", 3), (three.Value(s_first), three.Value(s_second), three.Value(s_third)));
        Assert.Equal("Background.WithValue(first).WithValue(second).WithValue(third)", three.ToString());
    }

    [Fact]
    [GoTest(30)]
    [GoTrap(8)]
    public void A_null_hides_an_older_value()
    {
        var older = Context.Background.WithValue<string?>(s_second, "two");
        var ctx = older.WithValue(s_first, "one").WithValue(s_second, null);

        Assert.True(ctx.TryGetValue(s_second, out var seen));
        Assert.Null(seen);
        Assert.Null(ctx.Value(s_second));
        Assert.Equal("one", ctx.Value(s_first));
        Assert.Equal("two", older.Value(s_second));
    }

    [Fact]
    [GoTest(31)]
    public void A_null_prints_as_any_value_does()
    {
        var ctx = Context.Background.WithValue(s_second, null);

        Assert.Equal("Background.WithValue(second)", ctx.ToString());
    }

    [Fact]
    [GoTest(32)]
    public void Values_are_seen_through_contexts_of_every_other_kind()
    {
        using var source = new CancellationTokenSource();
        using var canceled = Context.Background.WithValue(s_first, "one").WithCancel();
        using var timed = canceled.WithTimeout(TimeSpan.FromHours(1));
        using var merged = timed.WithoutCancel().WithCancel(source.Token);
        var ctx = merged.WithValue(s_second, "two").WithCancel().WithValue(s_third, 3);

        Assert.Equal(("one", "two", 3), (ctx.Value(s_first), ctx.Value(s_second), ctx.Value(s_third)));
        Assert.Equal("one", merged.Value(s_first));
        Assert.False(merged.TryGetValue(s_second, out _));
        Assert.Null(ctx.WithValue(s_second, null).WithoutCancel().Value(s_second));
        Assert.False(Context.FromToken(source.Token).TryGetValue(s_first, out _));
    }

    [Fact]
    [GoTest(71)]
    public void Without_cancel_keeps_the_values_and_nothing_else()
    {
        using var parent = Context.Background.WithValue(s_first, "one").WithTimeout(TimeSpan.FromHours(1));

        var ctx = parent.WithoutCancel();
        parent.Cancel();

        ContextAssert.Live(ctx);
        Assert.Equal(CancellationToken.None, ctx.Done);
        Assert.Null(ctx.Deadline);
        Assert.Equal(Timeout.InfiniteTimeSpan, ctx.Remaining);
        Assert.Equal("one", ctx.Value(s_first));
        Assert.EndsWith(".WithoutCancel", ctx.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_cancel_keeps_the_clock()
    {
        var clock = new FakeTimeProvider();
        using var parent = Context.Root(clock).WithTimeout(TimeSpan.FromSeconds(1));

        Assert.Same(clock, parent.WithoutCancel().TimeProvider);
    }

    [Fact]
    [GoTrap(8)]
    public void Values_outlive_cancellation_and_detachment()
    {
        using var ctx = Context.Background.WithValue(s_first, "one").WithCancel();

        ctx.Cancel();

        Assert.Equal("one", ctx.Value(s_first));
        Assert.Equal("one", ctx.WithoutCancel().Value(s_first));
        Assert.Equal("one", ctx.WithoutCancel().WithCancel().Value(s_first));
    }
}
