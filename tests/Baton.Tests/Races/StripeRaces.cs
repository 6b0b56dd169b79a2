namespace Baton.Tests.Races;

/// <summary>Promises 3 and 6, for children that hang on stripes.</summary>
public sealed class StripeRaces
{
    private const int Rounds = 100_000;

    [Fact]
    public void A_child_that_joins_as_its_parent_is_canceled_is_done()
    {
        using var racers = new Racers();
        foreach (var round in Racers.Rounds(Rounds))
        {
            var parent = Context.Background.WithCancel();
            parent.SpreadOut();
            var before = parent.WithCancel();
            CancelableContext? joins = null;

            racers.Run(parent.Cancel, () => joins = parent.WithCancel());

            Assert.True(before.IsDone);
            Assert.True(joins!.IsDone);
        }
    }

    [Fact]
    public void A_child_that_leaves_takes_no_sibling_along()
    {
        using var racers = new Racers();
        foreach (var round in Racers.Rounds(Rounds))
        {
            var parent = Context.Background.WithCancel();
            var first = parent.WithCancel();
            var second = parent.WithCancel();

            racers.Run(parent.SpreadOut, second.Dispose);
            var third = parent.WithCancel();
            racers.Run(parent.Cancel, third.Dispose);

            Assert.True(first.IsDone);
            Assert.True(third.IsDone);
        }
    }
}
