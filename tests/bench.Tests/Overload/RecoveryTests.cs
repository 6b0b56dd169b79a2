namespace Baton.Overload.Tests;

public sealed class RecoveryTests
{
    [Fact]
    public void All_is_well_at_once_if_every_answer_came() =>
        Assert.Equal(0, Recovery.After(Every(10, static _ => true), 2));

    [Fact]
    public void What_was_sent_before_the_end_of_the_stall_does_not_count() =>
        Assert.Equal(0, Recovery.After(Every(10, static sent => sent >= 2), 2));

    [Fact]
    public void It_lasts_to_the_end_of_the_last_bad_window()
    {
        Assert.Equal(1.25, Recovery.After(Every(10, static sent => sent >= 3.1), 2));
        Assert.Equal(5, Recovery.After(Every(10, static sent => sent is < 6.9 or > 7), 2));
    }

    [Fact]
    public void A_few_of_a_window_may_fail() =>
        Assert.Equal(0, Recovery.After(Every(10, static sent => Math.Round(sent * 100) % 25 >= 1), 2));

    private static IEnumerable<Asked> Every(int seconds, Func<double, bool> isGood) =>
        Enumerable.Range(0, seconds * 100)
            .Select(static i => (Id: i, Sent: i / 100.0))
            .Select(one => new Asked(one.Id, one.Sent, isGood(one.Sent) ? 50 : null));
}
