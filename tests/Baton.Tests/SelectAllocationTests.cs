using System.Threading.Channels;

namespace Baton.Tests;

/// <summary>What a select may allocate, in bytes.</summary>
public sealed class SelectAllocationTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    public void A_select_that_waits_costs_one_object_and_one_for_each_case()
    {
        using var parent = Context.Background.WithCancel();
        var context = Memory.Allocated(() => parent.WithCancel().Cancel());
        var timer = Memory.Allocated(() => Context.Background.WithTimeout(s_hour).Dispose());
        var task = Memory.Allocated(() => _ = new TaskCompletionSource<int>().Task) - 24;

        var select = Memory.Allocated(() =>
        {
            var ctx = parent.WithCancel();
            Select.After(s_hour).Done(ctx).AsTask();
            ctx.Cancel();
        });

        // The select itself, its two cases, and the object that completes the task.
        Assert.InRange(select - context - timer - task, 1, 152);
    }

    [Fact]
    public void A_select_that_waits_costs_less_than_half_of_what_the_tasks_for_it_do()
    {
        using var parent = Context.Background.WithCancel();
        var sources = Memory.Allocated(() =>
        {
            new CancellationTokenSource().Cancel();
            new CancellationTokenSource().Cancel();
        });
        var context = Memory.Allocated(() => parent.WithCancel().Cancel());

        var tasks = Memory.Allocated(() =>
        {
            var (stop, done) = (new CancellationTokenSource(), new CancellationTokenSource());
            Task.WhenAny(Task.Delay(s_hour, stop.Token), Task.Delay(Timeout.Infinite, done.Token));
            done.Cancel();
            stop.Cancel();
        });
        var select = Memory.Allocated(() =>
        {
            var ctx = parent.WithCancel();
            Select.After(s_hour).Done(ctx).AsTask();
            ctx.Cancel();
        });

        // The bytes of the select are exact. Those that it is compared with are not: 872, and sometimes 32
        // fewer.
        Assert.Equal(344, select - context);
        Assert.InRange(select - context, 1, (tasks - sources) * 45 / 100);
    }

    [Fact]
    public void A_select_that_is_used_again_costs_no_more_than_a_fresh_one()
    {
        using var parent = Context.Background.WithCancel();
        var items = Channel.CreateUnbounded<int>();
        var cases = Select.After(s_hour).Receive(items.Reader).Done(parent);

        var fresh = Memory.Allocated(() => WaitFor(Select.After(s_hour).Receive(items.Reader).Done(parent)));
        var again = Memory.Allocated(() => WaitFor(cases));

        Assert.InRange(again, 1, fresh);

        void WaitFor(SelectCases waiting)
        {
            var select = waiting.AsTask();
            Assert.False(select.IsCompleted);
            items.Writer.TryWrite(1);
            while (!select.IsCompleted)
            {
                Thread.Yield();
            }
        }
    }

    [Fact]
    public async Task A_select_that_need_not_wait_costs_nothing_when_used_again()
    {
        using var ctx = Context.Background.WithCancel();
        var items = Channel.CreateUnbounded<int>();
        var cases = Select.Receive(items.Reader).Done(ctx);
        var waiting = cases.AsTask();
        items.Writer.TryWrite(1);
        Assert.Equal(0, await WaitFor.Result(waiting));

        var cost = Memory.Allocated(() =>
        {
            items.Writer.TryWrite(1);
            Assert.True(cases.AsTask().IsCompletedSuccessfully);
        });

        Assert.Equal(0, cost);
    }
}
