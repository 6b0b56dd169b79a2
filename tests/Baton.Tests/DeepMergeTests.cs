namespace Baton.Tests;

/// <summary>Merges of merges do not recur, and do not print each other.</summary>
public sealed class DeepMergeTests
{
    private const int Depth = 100_000;

    [Fact]
    public void A_chain_of_merges_is_canceled_without_recursion()
    {
        using var first = Context.Background.WithCancel();
        var last = Chain(first, Depth);

        first.Cancel();

        Assert.True(last.IsDone);
    }

    [Fact]
    public void A_chain_of_merges_is_printed_without_recursion()
    {
        using var first = Context.Background.WithCancel();

        Assert.NotEmpty(Chain(first, Depth).ToString());
    }

    [Fact]
    public void A_context_merged_with_itself_again_and_again_has_a_text_of_reasonable_length()
    {
        var ctx = Context.Background.WithCancel();
        for (var i = 0; i < 25; i++)
        {
            ctx = ctx.WithCancel(ctx.Done);
        }

        Assert.InRange(ctx.ToString().Length, 1, 100_000);
    }

    private static CancelableContext Chain(CancelableContext first, int depth)
    {
        var last = first;
        for (var i = 0; i < depth; i++)
        {
            last = Context.Background.WithCancel(last.Done);
        }

        return last;
    }
}
