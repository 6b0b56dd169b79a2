namespace Baton.Tests.Races;

/// <summary>A thread that sees a context done sees what is merged with it done.</summary>
public sealed class MergedRaces
{
    private const int Rounds = 20_000;

    [Fact]
    public void A_reader_that_sees_the_other_context_done_sees_the_merged_one_done()
    {
        using var racers = new Racers();
        foreach (var round in Racers.Rounds(Rounds))
        {
            var other = Context.Background.WithCancel();
            var token = other.WithCancel().Done;
            var merged = Context.Background.WithCancel(other).WithCancel();

            racers.Run(
                other.Cancel,
                () =>
                {
                    if (token.IsCancellationRequested && other.IsDone)
                    {
                        Assert.True(merged.IsDone);
                    }
                });

            Assert.True(merged.IsDone);
        }
    }

    [Fact]
    public void A_reader_that_sees_a_token_canceled_sees_what_hangs_on_it_done()
    {
        using var racers = new Racers();
        foreach (var round in Racers.Rounds(Rounds))
        {
            using var source = new CancellationTokenSource();
            var child = Context.FromToken(source.Token).WithCancel().WithCancel();
            var merged = Context.Background.WithCancel(source.Token).WithCancel();

            racers.Run(
                source.Cancel,
                () =>
                {
                    if (source.IsCancellationRequested)
                    {
                        Assert.True(child.IsDone);
                        Assert.True(merged.IsDone);
                    }
                });
        }
    }
}
