namespace Baton.Tests.Go;

public sealed class BackgroundTests
{
    [Fact]
    [GoTest(1)]
    public void Background_is_never_done_and_prints_its_name()
    {
        var ctx = Context.Background;

        ContextAssert.Live(ctx);
        Assert.Equal(CancellationToken.None, ctx.Done);
        Assert.Null(ctx.Deadline);
        Assert.Equal(Timeout.InfiniteTimeSpan, ctx.Remaining);
        Assert.Equal("Background", ctx.ToString());
        Assert.Same(ctx, Context.Background);
    }

    [Fact]
    [GoTest(2)]
    public void Todo_is_never_done_and_prints_its_name()
    {
        var ctx = Context.Todo;

        ContextAssert.Live(ctx);
        Assert.Equal(CancellationToken.None, ctx.Done);
        Assert.Null(ctx.Deadline);
        Assert.Equal("Todo", ctx.ToString());
        Assert.NotSame(Context.Background, ctx);
    }

    [Fact]
    [GoTest(26)]
    public void Background_has_no_values()
    {
        var keys = Array.ConvertAll(["k1", "k2", "k3"], static name => new ContextKey<string>(name));

        foreach (var key in keys)
        {
            Assert.Null(Context.Background.Value(key));
            Assert.False(Context.Background.TryGetValue(key, out _));
        }
    }
}
