using Baton.Measuring;

namespace Baton.Storm.Tests;

public sealed class LeftoversTests
{
    private static readonly Leftovers s_none = new(
        Handlers: 0, Children: 0, Callbacks: 0, Deadlines: 0, Objects: 0, Sockets: 3, Timers: 0,
        TimersThatStay: 2, Errors: 0, LiveBytes: 1000);

    [Fact]
    public void What_was_there_before_is_not_left() => Assert.True(s_none.IsAsBefore(s_none));

    [Fact]
    public void The_timers_of_deadlines_stay() =>
        Assert.True((s_none with { Timers = 2 }).IsAsBefore(s_none));

    [Fact]
    public void Memory_and_errors_are_judged_elsewhere() =>
        Assert.True((s_none with { LiveBytes = 2000, Errors = 3 }).IsAsBefore(s_none));

    [Fact]
    public void Every_sort_of_thing_that_is_left_is_seen()
    {
        Leftovers[] each =
        [
            s_none with { Handlers = 1 },
            s_none with { Children = 1 },
            s_none with { Callbacks = 1 },
            s_none with { Deadlines = 1 },
            s_none with { Objects = 1 },
            s_none with { Sockets = 4 },
            s_none with { Timers = 3 },
        ];

        Assert.All(each, static one =>
            Assert.Single(one.Judge(s_none), static judgement => judgement.Verdict == Verdict.Missed));
    }
}
