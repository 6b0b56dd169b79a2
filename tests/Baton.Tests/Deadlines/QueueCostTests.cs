using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Baton.Tests.Deadlines;

/// <summary>What deadlines cost while they wait, and when they are added and removed.</summary>
public sealed class QueueCostTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly ManualClock _clock = new();
    private readonly Context _root;

    public QueueCostTests() => _root = Context.Root(_clock);

    [Fact]
    public void All_deadlines_share_one_timer_which_is_set_for_a_sooner_one_only()
    {
        var contexts = Enumerable.Range(0, 10_000)
            .Select(i => _root.WithTimeout(s_hour + TimeSpan.FromSeconds(i))).ToArray();
        Assert.Equal(1, _clock.Timers);
        Assert.Single(_clock.Sets);

        using var sooner = _root.WithTimeout(s_hour / 2);
        Assert.Equal([s_hour, s_hour / 2], _clock.Sets);

        // While other deadlines wait, the removal of one does not touch the timer.
        Array.ForEach(contexts[1..], static ctx => ctx.Dispose());
        Assert.Equal(2, _clock.Sets.Count);
        contexts[0].Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(24 * 40)]
    [InlineData(24 * 365)]
    public void A_far_deadline_wakes_the_queue_a_few_times_however_many_there_are(int hours)
    {
        var contexts = Enumerable.Range(0, 1_000).Select(_ => _root.WithTimeout(hours * s_hour)).ToArray();
        var wakes = 0;
        for (; !contexts[^1].IsDone; wakes++)
        {
            _clock.Wake();
        }

        Assert.All(contexts, static ctx => Assert.True(ctx.IsDone));
        Assert.Equal(hours * s_hour, _clock.Time);

        // The timer wakes once per level of the wheel, and once per 45 days, the longest turn of a timer.
        Assert.InRange(wakes, 1, 10 + (hours / (24 * 45)));
    }

    [Fact]
    public void A_hundred_thousand_equal_deadlines_leave_in_any_order_each_at_once()
    {
        // 100,000 walks along a list of 100,000 would take minutes.
        var contexts = Enumerable.Range(0, 100_000).Select(_ => _root.WithTimeout(s_hour)).ToArray();
        new Random(20261124).Shuffle(contexts);
        var start = Stopwatch.GetTimestamp();

        Array.ForEach(contexts, static ctx => ctx.Dispose());

        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
        Assert.Equal(0, _root.Queue.Count);
    }

    [Fact]
    public void A_deadline_that_leaves_from_among_its_equals_is_collectable_at_once()
    {
        using var before = _root.WithTimeout(s_hour);
        var weak = MakeAndDispose();
        using var after = _root.WithTimeout(s_hour);

        Assert.True(Memory.IsFree(weak));
        Assert.Equal(2, _root.Queue.Count);
    }

    [Fact]
    public async Task Thousands_of_clocks_are_collectable_with_their_queues_and_deadlines()
    {
        var weak = AbandonClocks();

        await WaitFor.True(() =>
            Memory.IsFree(weak[0]) && Array.TrueForAll(weak, static clock => !clock.IsAlive));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference MakeAndDispose()
    {
        var ctx = _root.WithTimeout(s_hour);
        using var last = _root.WithTimeout(s_hour);
        ctx.Dispose();
        return new WeakReference(ctx);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] AbandonClocks() =>
        [.. Enumerable.Range(0, 2_000).SelectMany(static i =>
        {
            var clock = new FakeTimeProvider();
            var root = Context.Root(clock);
            var ctx = root.WithTimeout(s_hour);
            root.WithTimeout(s_hour * 2).Dispose();
            if (i % 2 == 0)
            {
                ctx.Dispose();
            }

            return new WeakReference[] { new(clock), new(root.Queue), new(ctx) };
        })];
}
