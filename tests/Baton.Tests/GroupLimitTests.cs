namespace Baton.Tests;

/// <summary>A group with a limit: which tasks run, which wait, and whose turn is next.</summary>
public sealed class GroupLimitTests
{
    private readonly CancelableContext _parent = Context.Background.WithCancel();

    [Fact]
    public async Task No_more_tasks_run_at_once_than_the_limit_says()
    {
        await using var group = _parent.Group(limit: 3);
        var (running, most) = (0, 0);
        for (var i = 0; i < 100; i++)
        {
            group.Go(async _ =>
            {
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref running);
            });
        }

        await WaitFor.Completion(group.WaitAsync());

        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task Tasks_start_in_the_order_of_the_calls_whichever_way_they_were_given()
    {
        await using var group = _parent.Group(limit: 1);
        var release = new Signal();
        var order = new List<int>();
        Assert.True(group.TryGo(_ => release.Task));

        _ = group.Run(ctx => AddAsync(0));
        var start = group.GoAsync(ctx => AddAsync(1));
        var result = group.Run(ctx => AddAsync(2));
        _ = group.Run(ctx => AddAsync(3));
        Assert.False(group.TryGo(ctx => AddAsync(4)));
        Assert.False(start.IsCompleted);
        release.SetResult();
        await WaitFor.Completion(group.WaitAsync());

        Assert.Equal([0, 1, 2, 3], order);
        Assert.True(start.IsCompletedSuccessfully);
        Assert.Equal(2, await result);

        Task<int> AddAsync(int index)
        {
            order.Add(index);
            return Task.FromResult(index);
        }
    }

    [Fact]
    public async Task GoAsync_completes_when_the_task_is_started_not_when_it_has_ended()
    {
        await using var group = _parent.Group(limit: 1);
        var (first, second) = (new Signal(), new Signal());

        Assert.True(group.GoAsync(_ => first.Task).IsCompletedSuccessfully);
        var start = group.GoAsync(_ => second.Task);
        Assert.False(start.IsCompleted);
        first.SetResult();
        await WaitFor.Completion(start);

        Assert.False(group.WaitAsync().IsCompleted);
        second.SetResult();
        await WaitFor.Completion(group.WaitAsync());
    }

    [Fact]
    public async Task TryGo_is_false_as_long_as_the_limit_is_reached()
    {
        await using var group = _parent.Group(limit: 2);
        var (first, second) = (new Signal(), new Signal());
        Assert.True(group.TryGo(_ => first.Task));
        Assert.True(group.TryGo(_ => second.Task));
        Assert.False(group.TryGo(_ => Task.CompletedTask));

        first.SetResult();

        await WaitFor.True(() => group.TryGo(_ => second.Task));
        Assert.False(group.TryGo(_ => Task.CompletedTask));
        second.SetResult();
    }

    [Fact]
    public async Task When_the_group_ends_a_wait_for_a_turn_is_told_why_and_its_task_never_runs()
    {
        var mine = new InvalidOperationException("mine");
        await using var group = _parent.Group(limit: 1);
        var release = new Signal();
        var ran = false;
        group.Go(_ => release.Task);
        var start = group.GoAsync(RunAsync);
        var result = group.Run(RunAsync);
        _ = group.Run(RunAsync);

        release.SetException(mine);

        var e = await GroupFailureTests.ThrownBy<ContextCanceledException>(start);
        Assert.Same(mine, e.InnerException);
        e = await GroupFailureTests.ThrownBy<ContextCanceledException>(result);
        Assert.Same(mine, e.InnerException);
        Assert.Same(mine, await GroupFailureTests.ThrownBy<InvalidOperationException>(group.WaitAsync()));
        Assert.False(ran);

        Task<int> RunAsync(Context ctx)
        {
            ran = true;
            return Task.FromResult(1);
        }
    }

    [Fact]
    public async Task A_wait_for_a_turn_is_told_of_the_end_though_the_task_that_runs_does_not_stop()
    {
        await using var group = _parent.Group(limit: 1);
        var release = new Signal();
        group.Go(_ => release.Task);
        var start = group.GoAsync(_ => Task.CompletedTask);

        _parent.Cancel();

        await GroupFailureTests.ThrownBy<ContextCanceledException>(start);
        var wait = group.WaitAsync();
        Assert.False(wait.IsCompleted);
        release.SetResult();
        await GroupFailureTests.ThrownBy<ContextCanceledException>(wait);
    }

    [Fact]
    public async Task A_place_that_a_failure_leaves_goes_to_no_task()
    {
        for (var round = 0; round < 100; round++)
        {
            await using var group = _parent.Group(limit: 1);
            var ran = false;
            var release = new Signal();
            group.Go(_ => release.Task);
            group.Go(_ =>
            {
                ran = true;
                return Task.CompletedTask;
            });

            release.SetException(new InvalidOperationException("on purpose"));
            await GroupFailureTests.ThrownBy<InvalidOperationException>(group.WaitAsync());

            Assert.False(ran);
        }
    }

    [Fact]
    public async Task A_loop_that_awaits_its_starts_is_held_back_and_stopped_by_a_failure()
    {
        var mine = new InvalidOperationException("mine");
        var given = 0;

        var all = _parent.RunGroupAsync(
            async group =>
            {
                while (true)
                {
                    var item = given++;
                    await group.GoAsync(async ctx =>
                    {
                        await Task.Yield();
                        if (item == 10)
                        {
                            throw mine;
                        }
                    });
                }
            },
            limit: 2);

        Assert.Same(mine, await GroupFailureTests.ThrownBy<InvalidOperationException>(all));
        Assert.Equal(0, _parent.ChildCount);
    }

    [Theory]
    [InlineData("disposal")]
    [InlineData("parent")]
    [InlineData("failure")]
    public async Task A_start_that_tasks_at_the_limit_wait_for_ends_when_the_group_ends(string end)
    {
        using var parent = _parent.WithCancel();
        var group = parent.Group(limit: 2);
        var (mine, release) = (new InvalidOperationException("mine"), new Signal());
        var begun = new Signal<Task>();
        var ran = false;
        group.Go(async _ =>
        {
            var start = group.GoAsync(_ =>
            {
                ran = true;
                return Task.CompletedTask;
            });
            begun.SetResult(start);
            await start;
        });
        var other = group.Run(async ctx =>
        {
            await Task.WhenAny(release.Task, ctx.Delay(Timeout.InfiniteTimeSpan));
            return release.Task.IsCompleted ? throw mine : 0;
        });
        group.Go(_ => Task.CompletedTask);
        var start = await WaitFor.Result(begun.Task);
        var wait = group.WaitAsync();
        Assert.False(start.IsCompleted);

        Action act = end switch
        {
            "disposal" => () => _ = group.DisposeAsync().AsTask(),
            "parent" => parent.Cancel,
            _ => release.SetResult,
        };
        act();

        await GroupFailureTests.ThrownBy<ContextCanceledException>(start);
        await Assert.ThrowsAnyAsync<Exception>(() => WaitFor.Completion(wait));
        await WaitFor.Completion(group.DisposeAsync().AsTask());
        Assert.Equal(end == "failure" ? [mine] : [], group.Failures);
        Assert.False(ran);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
