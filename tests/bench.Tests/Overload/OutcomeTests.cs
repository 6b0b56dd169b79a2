namespace Baton.Overload.Tests;

public sealed class OutcomeTests
{
    [Fact]
    public void Work_for_an_answer_that_did_not_come_in_time_is_wasted()
    {
        var outcome = Outcome.Of(
            [new Asked(1, 0, 100), new Asked(2, 1, null), new Asked(3, 2, null), new Asked(4, 3, 200)],
            new Dictionary<int, double> { [1] = 0.05, [2] = 0.04, [4] = 0.05, [9] = 0.06 },
            seconds: 4);

        Assert.Equal(0.5, outcome.Goodput);
        Assert.Equal(0.5, outcome.Wasted, 12);
        Assert.Equal(150, outcome.P50);
        Assert.Equal(199, outcome.P99);
    }

    [Fact]
    public void No_work_is_no_waste()
    {
        var outcome = Outcome.Of([new Asked(1, 0, null)], new Dictionary<int, double>(), seconds: 1);

        Assert.Equal((0, 0, double.NaN), (outcome.Goodput, outcome.Wasted, outcome.P99));
    }
}
