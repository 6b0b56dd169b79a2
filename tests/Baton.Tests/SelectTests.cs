namespace Baton.Tests;

public sealed class SelectTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly CancelableContext _ctx;

    public SelectTests() => _ctx = Context.Root(_clock).WithCancel();

    [Fact]
    public async Task The_delay_that_passes_first_is_taken()
    {
        var select = Select.After(s_second * 2).Done(_ctx).After(s_second).AsTask();

        _clock.Advance(s_second - TimeSpan.FromTicks(1));
        Assert.False(select.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(2, await WaitFor.Result(select));
        AssertNothingLeft();
    }

    [Fact]
    public async Task The_context_that_ends_first_is_taken()
    {
        using var other = _ctx.WithCancel();
        var select = Select.After(s_second).Done(_ctx).Done(other).AsTask();

        other.Cancel();

        Assert.Equal(2, await WaitFor.Result(select));
        Assert.False(_ctx.IsDone);
        AssertNothingLeft();
    }

    [Fact]
    public async Task A_deadline_of_the_context_is_taken()
    {
        using var ctx = _ctx.WithTimeout(s_second);
        var select = Select.Done(ctx).After(s_second * 2).AsTask();

        _clock.Advance(s_second);

        Assert.Equal(0, await WaitFor.Result(select));
        AssertNothingLeft();
    }

    [Fact]
    public async Task An_infinite_delay_is_never_taken()
    {
        var select = Select.After(Timeout.InfiniteTimeSpan).Done(_ctx).AsTask();
        _clock.Advance(TimeSpan.FromDays(10_000));
        Assert.False(select.IsCompleted);

        _ctx.Cancel();

        Assert.Equal(1, await WaitFor.Result(select));
        Assert.Equal(1, await Select.After(Timeout.InfiniteTimeSpan).Default());
    }

    [Fact]
    public async Task The_longest_delay_is_waited_for()
    {
        var select = Select.After(TimeSpan.MaxValue).After(TimeSpan.FromDays(60)).Done(_ctx).AsTask();

        _clock.Advance(TimeSpan.FromDays(60));

        Assert.Equal(1, await WaitFor.Result(select));
        AssertNothingLeft();
    }

    [Fact]
    public void A_negative_delay_is_refused_and_told_the_way_out()
    {
        var negative = TimeSpan.FromSeconds(-3);

        var e = Assert.Throws<ArgumentOutOfRangeException>("delay", () => Select.After(negative));
        Assert.Throws<ArgumentOutOfRangeException>("delay", () => Select.Done(_ctx).After(negative));

        Assert.Contains("-00:00:03", e.Message, StringComparison.Ordinal);
        Assert.Contains("Timeout.InfiniteTimeSpan", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_context_that_can_never_end_is_never_taken()
    {
        var select = Select.Done(Context.Background).Done(_ctx.WithoutCancel()).Done(_ctx).AsTask();

        _ctx.Cancel();

        Assert.Equal(2, await WaitFor.Result(select));
    }

    [Fact]
    public async Task Default_is_taken_only_if_nothing_is_ready()
    {
        Assert.Equal(2, await Select.After(s_second).Done(_ctx).Default());
        Assert.Equal(0, await Select.Done(_ctx).Default().AsTask() - 1);
        AssertNothingLeft();

        _ctx.Cancel();
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(1, await Select.After(s_second).Done(_ctx).Default());
            Assert.Equal(1, await Select.Done(Context.Background).After(TimeSpan.Zero).Default());
        }
    }

    [Fact]
    public void A_second_default_is_refused_and_the_first_is_named()
    {
        var cases = Select.After(s_second).Default();

        var e = Assert.Throws<InvalidOperationException>(cases.Default);

        Assert.Contains("at most one default case", e.Message, StringComparison.Ordinal);
        Assert.Contains("case 1", e.Message, StringComparison.Ordinal);
        Assert.Contains("Remove one", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_ready_cases_each_has_the_same_chance()
    {
        _ctx.Cancel();
        var draws = new int[4];
        var cases = Select.After(TimeSpan.Zero).After(s_second).Done(_ctx).Done(_ctx);

        for (var i = 0; i < 10_000; i++)
        {
            draws[await cases]++;
        }

        Assert.Equal(0, draws[1]);
        Assert.All([draws[0], draws[2], draws[3]], count => Assert.InRange(count, 3_000, 3_700));
    }

    [Fact]
    public async Task One_object_serves_a_loop_with_its_delays_counted_anew()
    {
        var cases = Select.After(s_second).Done(_ctx);

        for (var turn = 0; turn < 5; turn++)
        {
            var select = cases.AsTask();
            _clock.Advance(s_second - TimeSpan.FromTicks(1));
            Assert.False(select.IsCompleted);
            _clock.Advance(TimeSpan.FromTicks(1));
            Assert.Equal(0, await WaitFor.Result(select));
            AssertNothingLeft();
        }

        _ctx.Cancel();
        Assert.Equal(1, await cases);
    }

    [Fact]
    public async Task One_object_may_be_awaited_twice_at_once()
    {
        var cases = Select.After(s_second).Done(_ctx);
        var first = cases.AsTask();
        var second = cases.AsTask();
        Assert.Equal(2, _ctx.ChildCount);

        _clock.Advance(s_second);

        Assert.Equal(0, await WaitFor.Result(first));
        Assert.Equal(0, await WaitFor.Result(second));
        AssertNothingLeft();
    }

    [Fact]
    public async Task It_waits_beside_children_that_end_with_their_parents_error()
    {
        using var child = _ctx.WithCancel();
        var select = Select.Done(_ctx).After(s_second).AsTask();

        _ctx.Cancel();

        Assert.Equal(0, await WaitFor.Result(select));
        Assert.Same(_ctx.Err, child.Err);
        AssertNothingLeft();
    }

    [Fact]
    public async Task A_case_added_later_takes_part_in_the_next_await_only()
    {
        var cases = Select.After(s_second);
        var first = cases.AsTask();

        _ = cases.Done(_ctx);
        _ctx.Cancel();

        Assert.False(first.IsCompleted);
        Assert.Equal(1, await cases);
    }

    [Fact]
    public async Task The_clock_is_that_of_the_first_context_among_the_cases()
    {
        var others = new FakeTimeProvider();
        using var other = Context.Root(others).WithCancel();
        var select = Select.After(s_second).Done(_ctx).Done(other).AsTask();

        others.Advance(s_second * 2);
        Assert.False(select.IsCompleted);
        _clock.Advance(s_second);

        Assert.Equal(0, await WaitFor.Result(select));
        Assert.Equal(0, other.CallbackCount);
        AssertNothingLeft();
    }

    [Fact]
    public async Task A_context_that_is_done_does_not_stop_the_delays()
    {
        using var done = _ctx.WithCancel();
        var select = Select.After(s_second).Done(_ctx).AsTask();
        done.Cancel();

        Assert.Equal(0, await Select.Done(done).After(s_second));
        Assert.False(select.IsCompleted);
    }

    private void AssertNothingLeft()
    {
        Assert.Equal(0, _ctx.CallbackCount);
        Assert.Equal(0, _ctx.ChildCount);
        Assert.Equal(0, _ctx.Queue.Count);
    }
}
