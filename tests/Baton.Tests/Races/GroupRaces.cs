namespace Baton.Tests.Races;

/// <summary>Tasks, turns and the end of a group race on two threads.</summary>
public sealed class GroupRaces
{
    [Fact]
    public async Task A_start_throws_or_its_task_runs_however_it_meets_the_end()
    {
        using var racers = new Racers();
        foreach (var _ in Racers.Rounds(10_000))
        {
            using var parent = Context.Background.WithCancel();
            await using var group = parent.Group(limit: 1);
            var release = new TaskCompletionSource();
            var ran = false;
            Task? start = null;
            group.Go(_ => release.Task);

            racers.Run(
                () => start = group.GoAsync(_ =>
                {
                    ran = true;
                    return Task.CompletedTask;
                }),
                parent.Cancel);
            release.SetResult();
            await WaitFor.Completion(group.WaitAsync().ContinueWith(static _ => { }, TaskScheduler.Default));

            Assert.True(start!.IsCompleted);
            Assert.Equal(start.IsCompletedSuccessfully, ran);
        }
    }

    [Fact]
    public async Task A_place_that_becomes_free_is_found_by_a_task_that_comes_meanwhile()
    {
        using var racers = new Racers();
        foreach (var _ in Racers.Rounds(10_000))
        {
            await using var group = Context.Background.Group(limit: 1);
            var release = new TaskCompletionSource();
            var begun = new Signal();
            Task<int>? result = null;
            group.Go(_ =>
            {
                begun.SetResult();
                return release.Task;
            });
            await WaitFor.Completion(begun.Task);

            racers.Run(() => result = group.Run(static _ => Task.FromResult(42)), release.SetResult);

            Assert.Equal(42, await WaitFor.Result(result!));
            await WaitFor.Completion(group.WaitAsync());
        }
    }

    [Fact]
    public async Task Of_two_failures_at_once_the_one_that_WaitAsync_throws_is_the_cause()
    {
        using var racers = new Racers();
        foreach (var _ in Racers.Rounds(10_000))
        {
            await using var group = Context.Background.Group();
            var failures = new[]
            {
                new InvalidOperationException("first"), new InvalidOperationException("second"),
            };
            var tasks = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
            var begun = new[] { new Signal(), new Signal() };
            foreach (var (task, hasBegun) in tasks.Zip(begun))
            {
                group.Go(_ =>
                {
                    hasBegun.SetResult();
                    return task.Task;
                });
            }

            await WaitFor.Completion(Task.WhenAll(begun.Select(static signal => signal.Task)));

            racers.Run(() => tasks[0].SetException(failures[0]), () => tasks[1].SetException(failures[1]));

            var e = await Assert.ThrowsAsync<InvalidOperationException>(() =>
                WaitFor.Completion(group.WaitAsync()));
            Assert.Same(e, group.Context.Cause);
            Assert.Same(e, group.Failures[0]);
            Assert.Equal(2, group.Failures.Count);
        }
    }

    [Fact]
    public async Task A_thread_that_sees_a_failed_result_sees_the_context_done()
    {
        using var racers = new Racers(takeTurns: false);
        foreach (var _ in Racers.Rounds(10_000))
        {
            await using var group = Context.Background.Group();
            var (result, completion) = await BeginAsync(group);
            var isDone = false;

            racers.Run(
                () =>
                {
                    SpinWait.SpinUntil(() => result.IsCompleted);
                    isDone = group.Context.IsDone;
                },
                () => completion.SetException(new InvalidOperationException("on purpose")));

            Assert.True(isDone);
            await Assert.ThrowsAsync<InvalidOperationException>(() => WaitFor.Completion(group.WaitAsync()));
        }
    }

    [Fact]
    public async Task A_thread_that_is_told_that_no_task_is_left_finds_every_result()
    {
        using var racers = new Racers(takeTurns: false);
        foreach (var _ in Racers.Rounds(10_000))
        {
            await using var group = Context.Background.Group();
            var (result, completion) = await BeginAsync(group);
            var wait = group.WaitAsync();
            var isThere = false;

            racers.Run(
                () =>
                {
                    SpinWait.SpinUntil(() => wait.IsCompleted);
                    isThere = result.IsCompleted;
                },
                () => completion.SetResult(42));

            Assert.True(isThere);
        }
    }

    [Fact]
    public async Task A_task_given_as_the_group_is_left_is_refused_or_canceled_and_waited_for()
    {
        using var racers = new Racers();
        foreach (var round in Racers.Rounds(10_000))
        {
            using var parent = Context.Background.WithCancel();
            var group = parent.Group(limit: round % 2 == 0 ? null : 1);
            Task<int>? running = null, given = null;
            Task? disposal = null;
            running = group.Run(GroupFailureTests.WaitForEndAsync);

            racers.Run(
                () => given = RunUnlessClosed(group),
                () => disposal = group.DisposeAsync().AsTask());
            await WaitFor.Completion(disposal!);

            Assert.True(running.IsCanceled);
            Assert.True(given is null or { IsCanceled: true });
            Assert.Empty(group.Failures);
            Assert.Equal(0, parent.ChildCount);
        }
    }

    [Fact]
    public async Task A_task_that_fails_as_the_group_is_left_has_failed_whichever_is_first()
    {
        using var racers = new Racers();
        foreach (var _ in Racers.Rounds(10_000))
        {
            var group = Context.Background.Group();
            var mine = new InvalidOperationException("on purpose");
            var (result, completion) = await BeginAsync(group);
            Task? disposal = null;

            racers.Run(() => completion.SetException(mine), () => disposal = group.DisposeAsync().AsTask());
            await WaitFor.Completion(disposal!);

            Assert.Same(mine, result.Exception!.InnerException);
            Assert.Equal([mine], group.Failures);
            Assert.Same(mine, await GroupFailureTests.ThrownBy<InvalidOperationException>(group.WaitAsync()));
            Assert.True(group.Context.Cause is OperationCanceledException || group.Context.Cause == mine);
        }
    }

    /// <summary>Null if the group was disposed and no task was left.</summary>
    private static Task<int>? RunUnlessClosed(ContextGroup group)
    {
        try
        {
            return group.Run(GroupFailureTests.WaitForEndAsync);
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>A task that has begun, and ends on the thread that completes it.</summary>
    private static async Task<(Task<int> Result, TaskCompletionSource<int> Completion)> BeginAsync(
        ContextGroup group)
    {
        var completion = new TaskCompletionSource<int>();
        var begun = new Signal();
        var result = group.Run(_ =>
        {
            begun.SetResult();
            return completion.Task;
        });
        await WaitFor.Completion(begun.Task);
        return (result, completion);
    }
}
