using System.Runtime.CompilerServices;

namespace Baton.Tests;

/// <summary>A chain far longer than the stack is deep.</summary>
public sealed class DeepChainTests
{
    private const int Depth = 100_000;

    private static readonly ContextKey<int> s_key = new("depth");

    [Fact]
    public void It_is_canceled_as_one()
    {
        var cause = new InvalidOperationException("top");
        using var root = Context.Background.WithCancel();
        var chain = Chain(root, static (ctx, _) => ctx.WithCancel());

        root.Cancel(cause);

        Assert.All(chain, ctx => Assert.True(ctx.IsDone));
        Assert.Same(cause, chain[^1].Cause);
    }

    [Fact]
    public void It_is_canceled_as_one_from_the_middle()
    {
        using var root = Context.Background.WithCancel();
        var chain = Chain(root, static (ctx, _) => ctx.WithCancel());

        ((CancelableContext)chain[Depth / 2]).Cancel();

        Assert.Equal(Depth / 2, chain.Count(ctx => ctx.IsDone));
        Assert.True(chain[^1].IsDone);
        Assert.False(chain[(Depth / 2) - 1].IsDone);
    }

    [Fact]
    public void It_is_canceled_with_all_tokens_taken()
    {
        using var root = Context.Background.WithCancel();
        var chain = Chain(root, static (ctx, _) => ctx.WithCancel());
        var tokens = chain.ConvertAll(ctx => ctx.Done);

        root.Cancel();

        Assert.All(tokens, token => Assert.True(token.IsCancellationRequested));
    }

    [Fact]
    public async Task It_is_canceled_with_a_callback_on_each()
    {
        using var root = Context.Background.WithCancel();
        var runs = 0;
        var chain = Chain(root, static (ctx, _) => ctx.WithCancel());
        foreach (var ctx in chain)
        {
            ctx.AfterFunc(() => Interlocked.Increment(ref runs));
            ctx.Done.Register(() => Interlocked.Increment(ref runs));
        }

        root.Cancel();

        await WaitFor.True(() => Volatile.Read(ref runs) == 2 * Depth);
    }

    [Fact]
    public void It_is_canceled_with_a_timeout_on_each()
    {
        var clock = new FakeTimeProvider();
        using var root = Context.Root(clock).WithCancel();
        var chain = Chain(
            root, static (ctx, i) => ctx.WithTimeout(TimeSpan.FromHours(1) - TimeSpan.FromTicks(i)));
        Assert.Equal(Depth, root.Queue.Count);

        root.Cancel();

        Assert.All(chain, ctx => Assert.IsType<ContextCanceledException>(ctx.Err));
        Assert.Equal(0, root.Queue.Count);
    }

    [Fact]
    public void It_expires_as_one_from_the_top()
    {
        var clock = new FakeTimeProvider();
        var root = Context.Root(clock);
        var chain = Chain(root, static (ctx, _) => ctx.WithTimeout(TimeSpan.FromHours(1)));

        clock.Advance(TimeSpan.FromHours(1));

        Assert.All(chain, ctx => Assert.IsType<DeadlineExceededException>(ctx.Err));
        Assert.Equal(0, root.Queue.Count);
    }

    [Fact]
    public void It_expires_one_by_one_from_the_bottom()
    {
        var clock = new FakeTimeProvider();
        var root = Context.Root(clock);
        var chain = Chain(
            root, static (ctx, i) => ctx.WithTimeout(TimeSpan.FromHours(1) - TimeSpan.FromTicks(i)));

        clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(Depth / 2));
        Assert.Equal(Depth / 2, chain.Count(ctx => ctx.IsDone));

        clock.Advance(TimeSpan.FromTicks(Depth / 2));
        Assert.All(chain, ctx => Assert.True(ctx.IsDone));
    }

    [Fact]
    public void It_is_read_and_canceled_with_a_value_at_each_step()
    {
        using var root = Context.Background.WithCancel();
        var chain = Chain(root, static (ctx, i) => ctx.WithValue(s_key, i).WithCancel());
        var missing = new ContextKey<string>("missing");

        root.Cancel();

        Assert.Equal(Depth - 1, chain[^1].Value(s_key));
        Assert.Null(chain[^1].Value(missing));
        Assert.True(chain[^1].IsDone);
    }

    [Fact]
    public void It_carries_a_value_from_the_top_to_the_bottom()
    {
        var top = new ContextKey<string>("top");

        var chain = Chain(
            Context.Background.WithValue(top, "found"), static (ctx, i) => ctx.WithValue(s_key, i));

        Assert.Equal("found", chain[^1].Value(top));
        Assert.Equal("found", chain[^1].WithoutCancel().Value(top));
    }

    [Fact]
    public void It_is_printed_whole()
    {
        var clock = new FakeTimeProvider();
        var plain = Chain(Context.Background, static (ctx, _) => ctx.WithCancel());
        var mixed = Chain(
            Context.Root(clock),
            static (ctx, i) => (i % 3) switch
            {
                0 => ctx.WithValue(s_key, i),
                1 => ctx.WithoutCancel(),
                _ => ctx.WithTimeout(TimeSpan.FromHours(1)),
            });

        Assert.Equal("Background".Length + (Depth * ".WithCancel".Length), plain[^1].ToString().Length);
        Assert.Equal((Depth + 2) / 3, mixed[^1].ToString().Split(".WithValue(depth)").Length - 1);
    }

    [Fact]
    public void It_is_disposed_inside_out_after_a_cancel()
    {
        var clock = new FakeTimeProvider();
        using var root = Context.Root(clock).WithCancel();
        var chain = Chain(
            root, static (ctx, i) => ctx.WithTimeout(TimeSpan.FromHours(1) - TimeSpan.FromTicks(i)));
        root.Cancel();

        for (var i = chain.Count - 1; i >= 0; i--)
        {
            ((CancelableContext)chain[i]).Dispose();
        }

        Assert.Same(root.Err, chain[^1].Err);
        Assert.Equal(0, root.ChildCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_is_disposed_link_by_link_while_live(bool insideOut)
    {
        using var root = Context.Background.WithCancel();
        var chain = Chain(root, static (ctx, _) => ctx.WithCancel());

        foreach (var ctx in insideOut ? chain.AsEnumerable().Reverse() : chain)
        {
            ((CancelableContext)ctx).Dispose();
        }

        Assert.All(chain, ctx => Assert.True(ctx.IsDone));
        Assert.False(root.IsDone);
        Assert.Equal(0, root.ChildCount);
    }

    [Fact]
    public void It_is_ended_by_a_token_above_and_by_one_on_each_link()
    {
        using var above = new CancellationTokenSource();
        using var beside = new CancellationTokenSource();
        var underOne = Chain(Context.FromToken(above.Token), static (ctx, _) => ctx.WithCancel());
        var merged = Chain(Context.Background, (ctx, _) => ctx.WithCancel(beside.Token));

        above.Cancel();
        beside.Cancel();

        Assert.All(underOne, ctx => Assert.True(ctx.IsDone));
        Assert.All(merged, ctx => Assert.True(ctx.IsDone));
    }

    [Fact]
    public void It_is_collected_canceled_or_not()
    {
        using var root = Context.Background.WithCancel();

        var canceled = Drop(root, cancel: true);
        var unrooted = Drop(Context.Background, cancel: false);

        Assert.True(Memory.IsFree(canceled));
        Assert.True(Memory.IsFree(unrooted));
        Assert.False(root.IsDone);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Drop(Context root, bool cancel)
    {
        var chain = Chain(root, static (ctx, i) => ctx.WithValue(s_key, i).WithCancel());
        if (cancel)
        {
            ((CancelableContext)chain[0]).Cancel();
        }

        return new WeakReference(chain[Depth / 2]);
    }

    private static List<Context> Chain(Context root, Func<Context, int, Context> derive)
    {
        var chain = new List<Context>(Depth);
        var ctx = root;
        for (var i = 0; i < Depth; i++)
        {
            ctx = derive(ctx, i);
            chain.Add(ctx);
        }

        return chain;
    }
}
