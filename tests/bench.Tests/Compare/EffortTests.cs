using Baton.Measuring;

namespace Baton.Compare.Tests;

public sealed class EffortTests
{
    private static readonly Statistics s_settled = Statistics.Of([1, 1, 1]);
    private static readonly Statistics s_unsettled = Statistics.Of([1, 2, 3]);

    [Fact]
    public void Every_act_runs_its_least_rounds()
    {
        Assert.True(Effort.Full.Runs(Effort.Full.Least - 1, isHeavy: false, s_settled));
        Assert.False(Effort.Full.Runs(Effort.Full.Least, isHeavy: false, s_settled));
    }

    [Fact]
    public void An_act_goes_on_while_one_of_its_ratios_is_unsettled()
    {
        Assert.True(Effort.Full.Runs(Effort.Full.Least, isHeavy: false, s_settled, s_unsettled));
        Assert.False(Effort.Full.Runs(Effort.Full.Least, isHeavy: false, s_settled, s_settled));
    }

    [Fact]
    public void An_act_that_never_settles_is_left_at_the_cap()
    {
        Assert.True(Effort.Full.Runs(Effort.Full.Most - 1, isHeavy: false, s_unsettled));
        Assert.False(Effort.Full.Runs(Effort.Full.Most, isHeavy: false, s_unsettled));
    }

    [Fact]
    public void A_heavy_act_has_a_number_of_rounds_of_its_own()
    {
        Assert.True(Effort.Full.Runs(Effort.Full.MostHeavy - 1, isHeavy: true, s_settled));
        Assert.False(Effort.Full.Runs(Effort.Full.MostHeavy, isHeavy: true, s_unsettled));
    }
}
