namespace Baton.Tests;

public sealed class ForeignHashTests
{
    [Fact]
    public void A_foreign_source_that_hashes_like_a_contexts_token_is_not_that_context()
    {
        using var ctx = Context.Background.WithCancel();
        using var lookalike = new Lookalike(ctx.Done.GetHashCode);

        Assert.NotSame(ctx, Context.FromToken(lookalike.Token));
    }

    [Fact]
    public void A_source_whose_hash_throws_leaves_no_result_for_the_next_token()
    {
        using var ctx = Context.Background.WithCancel();
        using var broken = new Lookalike(() => throw new NotSupportedException());
        using var plain = new CancellationTokenSource();

        _ = Record.Exception(() => Context.FromToken(broken.Token));
        _ = ctx.Done.GetHashCode();

        Assert.NotSame(ctx, Context.FromToken(plain.Token));
    }

    private sealed class Lookalike(Func<int> hash) : CancellationTokenSource
    {
        public override int GetHashCode() => hash();
    }
}
