using System.Diagnostics;

namespace Baton.Tests.Races;

/// <summary>A wait for a task ends once: with the task, or with the context.</summary>
public sealed class WaitRaces
{
    private const int Rounds = 100_000;

    /// <summary>
    /// Far longer than it takes until the end of a wait has reached its task, however busy the machine is.
    /// </summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    public void A_task_that_completes_as_its_context_ends_ends_the_wait_once()
    {
        using var racers = new Racers();
        using var parent = Context.Background.WithCancel();
        var results = 0;
        foreach (var round in Racers.Rounds(Rounds))
        {
            var work = new TaskCompletionSource<int>();
            using var ctx = parent.WithCancel();
            var waiting = ctx.WaitAsync(work.Task);
            var later = new TaskCompletionSource<int>();
            Task<int>? next = null;

            racers.Run(ctx.Cancel, CompleteAndWait);

            Assert.True(Ended(waiting) is null || Ended(waiting) == round);
            results += waiting.IsCanceled ? 0 : 1;
            later.SetResult(round);
            Assert.Equal(round, Ended(next!));

            void CompleteAndWait()
            {
                work.SetResult(round);

                // The end of its context may still be ending the first wait, and nothing of that wait may
                // show in this one.
                next = parent.WaitAsync(later.Task);
            }
        }

        Assert.True(results > 0, "The task never won.");
        Assert.Equal(0, parent.ChildCount);
    }

    [Fact]
    public void A_wait_that_takes_the_place_of_one_given_up_sees_the_task_complete()
    {
        using var racers = new Racers();
        using var ctx = Context.Background.WithCancel();
        foreach (var round in Racers.Rounds(Rounds))
        {
            var work = new TaskCompletionSource<int>();
            Assert.Null(Ended(GiveUp(ctx, work.Task)));
            Task<int>? waiting = null;

            racers.Run(() => waiting = ctx.WaitAsync(work.Task), () => work.SetResult(round));

            Assert.Equal(round, Ended(waiting!));
            Assert.Equal(0, ctx.CallbackCount);
        }
    }

    [Fact]
    public void A_delay_or_select_that_starts_as_its_context_ends_ends_too()
    {
        using var racers = new Racers();
        using var parent = Context.Background.WithCancel();
        foreach (var round in Racers.Rounds(Rounds))
        {
            using var ctx = parent.WithCancel();
            Task? delay = null;
            Task<int>? select = null;

            racers.Run(ctx.Cancel, Start);

            AssertEnds(delay!);
            Assert.True(delay!.IsCanceled);
            Assert.Equal(1, Ended(select!));

            void Start()
            {
                delay = ctx.Delay(round % 2 == 0 ? s_hour : Timeout.InfiniteTimeSpan);
                select = Select.After(s_hour).Done(ctx).AsTask();
            }
        }

        Assert.Equal(0, parent.ChildCount);
    }

    private static Task<int> GiveUp(Context parent, Task<int> task)
    {
        using var ctx = parent.WithCancel();
        return ctx.WaitAsync(task);
    }

    /// <summary>The result, once there is one; null if the wait was canceled.</summary>
    private static int? Ended(Task<int> waiting)
    {
        AssertEnds(waiting);
        return waiting.IsCanceled ? null : waiting.Result;
    }

    private static void AssertEnds(Task waiting)
    {
        var start = Stopwatch.GetTimestamp();
        for (var wait = default(SpinWait); !waiting.IsCompleted;)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < s_limit, "The wait has not ended.");
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }
}
