namespace Baton.Tests.Races;

/// <summary>Promise 2: the views of one context change together, for every observer.</summary>
public sealed class ViewRaces
{
    private const int Rounds = 100_000;

    [Theory]
    [InlineData("cancel")]
    [InlineData("parent")]
    [InlineData("deadline")]
    public void A_reader_that_sees_one_view_done_sees_all_of_them_done(string end)
    {
        using var racers = new Racers(takeTurns: false);
        var cause = new InvalidOperationException("cause");
        foreach (var round in Racers.Rounds(Rounds / 2))
        {
            var clock = end == "deadline" ? new FakeTimeProvider() : null;
            var root = clock is null ? Context.Background : Context.Root(clock);
            using var parent = root.WithCancel();
            using var ctx = clock is null
                ? parent.WithCancel()
                : parent.WithTimeout(TimeSpan.FromSeconds(1), cause);
            var token = ctx.Done;
            var firstLook = round % 3;

            racers.Run(
                () =>
                {
                    if (clock is not null)
                    {
                        clock.Advance(TimeSpan.FromSeconds(1));
                    }
                    else
                    {
                        (end == "parent" ? parent : ctx).Cancel(cause);
                    }
                },
                () =>
                {
                    while (!(firstLook switch
                    {
                        0 => token.IsCancellationRequested,
                        1 => ctx.IsDone,
                        _ => ctx.Err is not null,
                    }))
                    {
                        Thread.SpinWait(1);
                    }

                    Assert.True(token.IsCancellationRequested, "the token");
                    Assert.True(ctx.IsDone, "IsDone");
                    Assert.NotNull(ctx.Err);
                    Assert.Same(cause, ctx.Cause);
                });
        }
    }

    [Fact]
    public void A_token_first_asked_for_while_the_context_ends_is_canceled_in_the_end()
    {
        using var racers = new Racers();
        foreach (var round in Racers.Rounds(Rounds))
        {
            var ctx = Context.Background.WithCancel();
            var token = default(CancellationToken);

            racers.Run(ctx.Cancel, () => token = ctx.Done);

            Assert.True(token.IsCancellationRequested);
            Assert.Equal(token, ctx.Done);
        }
    }

    [Fact]
    public void Two_causes_race_and_every_reader_sees_the_same_one()
    {
        using var racers = new Racers();
        var first = new InvalidOperationException("first");
        var second = new InvalidOperationException("second");
        foreach (var round in Racers.Rounds(Rounds))
        {
            using var ctx = Context.Background.WithCancel();
            using var child = ctx.WithCancel();
            Exception? afterFirst = null, afterSecond = null;

            racers.Run(
                () =>
                {
                    ctx.Cancel(first);
                    afterFirst = ctx.Cause;
                },
                () =>
                {
                    ctx.Cancel(second);
                    afterSecond = ctx.Cause;
                });

            Assert.NotNull(afterFirst);
            Assert.Same(afterFirst, afterSecond);
            Assert.Same(afterFirst, child.Cause);
            Assert.Same(ctx.Err, child.Err);
        }
    }
}
