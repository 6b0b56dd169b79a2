using System.Diagnostics;
using Baton.Tests.Model;
using CsCheck;

namespace Baton.Tests.Linearizability;

/// <summary>
/// What threads see of a tree, they could also have seen if their calls had run one after the other.
/// </summary>
public sealed class LinearizabilityTests
{
    private const ulong FixedSeed = 20261124;

    [Fact]
    public void Some_order_of_the_calls_explains_what_every_thread_saw()
    {
        using var pair = new Crew(2);
        using var three = new Crew(3);
        var random = new PCG(1, Nightly.IsOn ? (ulong)Random.Shared.NextInt64() : FixedSeed);
        var start = Stopwatch.GetTimestamp();
        for (var round = 0;
            round < Nightly.Histories && Stopwatch.GetElapsedTime(start) < Nightly.LongestForHistories;
            round++)
        {
            var history = History.Any.Generate(random, null, out _);

            var unexplained = history.Run(history.ThreadCount == 2 ? pair : three);

            Assert.True(unexplained is null,
                $"No order of these calls explains them, in round {round}:\n{unexplained}");
        }
    }

    [Fact]
    public void A_cancel_that_is_not_seen_by_a_later_call_has_no_order()
    {
        var cancel = new Call(0, 1, Act.Cancel, 1, null) { Start = 1, End = 2 };
        var stale = new Call(1, 2, Act.IsDone, 1, null) { Start = 3, End = 4, Result = 0 };
        var concurrent = new Call(1, 2, Act.IsDone, 1, null) { Start = 1, End = 4, Result = 0 };

        Assert.False(Linearization.Exists(OneContext(), [cancel, stale]));
        Assert.True(Linearization.Exists(OneContext(), [cancel, concurrent]));
    }

    [Fact]
    public void Views_that_change_one_after_the_other_have_no_order()
    {
        var cancel = new Call(0, 1, Act.Cancel, 1, null) { Start = 1, End = 9 };
        var isDone = new Call(1, 2, Act.IsDone, 1, null) { Start = 2, End = 3, Result = 1 };
        var live = new Call(1, 3, Act.Cause, 1, null) { Start = 4, End = 5, Result = Call.Live };
        var ended = new Call(1, 3, Act.Cause, 1, null) { Start = 4, End = 5, Result = 1 };

        Assert.False(Linearization.Exists(OneContext(), [cancel, isDone, live]));
        Assert.True(Linearization.Exists(OneContext(), [cancel, isDone, ended]));
    }

    private static ReferenceModel OneContext()
    {
        var model = new ReferenceModel();
        model.WithCancel(model.Root(0));
        return model;
    }
}
