namespace Baton.Tests;

/// <summary>Leaving a group whose tasks still run, and what counts as having waited for them.</summary>
public sealed class GroupLeavingTests
{
    private readonly CancelableContext _parent = Context.Background.WithCancel();

    [Fact]
    public async Task An_exception_in_the_block_is_seen_at_once_and_cancels_what_runs()
    {
        var mine = new InvalidOperationException("mine");
        Task<int>? task = null;

        var served = ServeAsync();

        Assert.Same(mine, await GroupFailureTests.ThrownBy<InvalidOperationException>(served));
        Assert.True(task!.IsCanceled);
        Assert.Equal(0, _parent.ChildCount);

        async Task ServeAsync()
        {
            await using var group = _parent.Group();
            task = group.Run(GroupFailureTests.WaitForEndAsync);
            await Task.Yield();
            throw mine;
        }
    }

    [Fact]
    public async Task Leaving_cancels_what_runs_and_waits_for_it()
    {
        var release = new Signal();
        var group = _parent.Group();
        var canceled = new Signal();
        var result = group.Run(async ctx =>
        {
            await Select.Done(ctx);
            canceled.SetResult();
            await release.Task;
            return 42;
        });
        var disposal = group.DisposeAsync().AsTask();
        var again = group.DisposeAsync().AsTask();
        await WaitFor.Completion(canceled.Task);

        Assert.False(disposal.IsCompleted || again.IsCompleted);
        release.SetResult();
        await WaitFor.Completion(disposal);

        Assert.Equal(42, await result);
        await WaitFor.Completion(again);
        Assert.Empty(group.Failures);
        Assert.Equal(0, _parent.ChildCount);
    }

    [Fact]
    public async Task The_cause_says_how_to_wait_for_success()
    {
        var group = _parent.Group();
        var result = group.Run(GroupFailureTests.WaitForEndAsync);

        await WaitFor.Completion(group.DisposeAsync().AsTask());

        var e = await GroupFailureTests.ThrownBy<ContextCanceledException>(result);
        var cause = Assert.IsType<OperationCanceledException>(group.Context.Cause);
        Assert.Same(cause, e.InnerException);
        Assert.Contains("WaitAsync()", cause.Message, StringComparison.Ordinal);
        Assert.Empty(group.Failures);
    }

    [Fact]
    public async Task Where_all_tasks_have_ended_leaving_is_a_plain_cancel_whether_or_not_it_was_awaited()
    {
        var (awaited, ended) = (_parent.Group(), _parent.Group());
        var result = awaited.Run(ctx => Task.FromResult(ctx.IsDone));
        await WaitFor.Completion(awaited.WaitAsync());
        var other = ended.Run(ctx => Task.FromResult(ctx.IsDone));
        Assert.False(await WaitFor.Result(other));
        await WaitFor.True(() => ended.WaitAsync().IsCompleted);

        foreach (var group in new[] { awaited, ended, _parent.Group() })
        {
            Assert.False(group.Context.IsDone);
            Assert.True(group.DisposeAsync().AsTask().IsCompletedSuccessfully);
            Assert.Same(group.Context.Err, group.Context.Cause);
        }

        Assert.False(await result);
        Assert.Equal(0, _parent.ChildCount);
    }

    [Fact]
    public async Task A_task_given_after_the_wait_is_canceled()
    {
        Task<int>? late = null;
        await using (var group = _parent.Group())
        {
            group.Go(_ => Task.CompletedTask);
            await WaitFor.Completion(group.WaitAsync());
            late = group.Run(GroupFailureTests.WaitForEndAsync);
        }

        Assert.True(late.IsCanceled);
    }

    [Fact]
    public async Task A_wait_that_was_begun_but_has_not_completed_protects_nothing_and_says_why()
    {
        Task? wait = null;
        Task<int>? task = null;
        ContextGroup group;
        await using (group = _parent.Group())
        {
            task = group.Run(GroupFailureTests.WaitForEndAsync);
            wait = group.WaitAsync();
        }

        Assert.True(task.IsCanceled);
        var e = await GroupFailureTests.ThrownBy<ContextCanceledException>(wait);
        Assert.Same(group.Context.Cause, e.InnerException);
        Assert.Equal(group.Context.Done, e.CancellationToken);
        e = await GroupFailureTests.ThrownBy<ContextCanceledException>(group.WaitAsync());
        Assert.Same(group.Context.Cause, e.InnerException);
    }

    [Fact]
    public async Task A_wait_by_another_caller_goes_on_until_what_was_canceled_has_ended()
    {
        var (begun, release) = (new Signal(), new Signal());
        var group = _parent.Group();
        group.Go(async ctx =>
        {
            begun.SetResult();
            await release.Task;
            ctx.ThrowIfDone();
        });
        await WaitFor.Completion(begun.Task);
        var wait = group.WaitAsync();
        var disposal = group.DisposeAsync().AsTask();

        Assert.False(wait.IsCompleted || disposal.IsCompleted);
        release.SetResult();

        var e = await GroupFailureTests.ThrownBy<ContextCanceledException>(wait);
        Assert.Same(group.Context.Cause, e.InnerException);
        await WaitFor.Completion(disposal);
    }

    [Fact]
    public async Task After_a_wait_that_threw_nothing_runs_and_the_failure_stays_the_cause()
    {
        var mine = new InvalidOperationException("mine");
        var group = _parent.Group();
        _ = group.Run(GroupFailureTests.WaitForEndAsync);
        group.Go(_ => throw mine);
        await GroupFailureTests.ThrownBy<InvalidOperationException>(group.WaitAsync());

        Assert.True(group.DisposeAsync().AsTask().IsCompletedSuccessfully);
        Assert.Same(mine, group.Context.Cause);
    }

    [Fact]
    public async Task What_waits_for_its_turn_is_dropped()
    {
        var group = _parent.Group(limit: 1);
        var ran = false;
        var first = group.Run(GroupFailureTests.WaitForEndAsync);
        group.Go(RunAsync);
        var result = group.Run(RunAsync);
        var start = group.GoAsync(RunAsync);

        await WaitFor.Completion(group.DisposeAsync().AsTask());

        var cause = group.Context.Cause;
        foreach (var task in new[] { first, result, start })
        {
            Assert.Same(
                cause, (await GroupFailureTests.ThrownBy<ContextCanceledException>(task)).InnerException);
        }

        Assert.False(ran);
        Assert.Equal(0, _parent.ChildCount);

        Task<int> RunAsync(Context ctx)
        {
            ran = true;
            return Task.FromResult(1);
        }
    }

    [Fact]
    public async Task A_task_that_is_canceled_may_still_call_Go_and_what_it_gives_is_dropped()
    {
        var group = _parent.Group();
        var ran = false;
        Task<int>? given = null;
        group.Go(async ctx =>
        {
            await Select.Done(ctx);
            given = group.Run(_ =>
            {
                ran = true;
                return Task.FromResult(1);
            });
            Assert.False(group.TryGo(_ => Task.CompletedTask));
        });

        await WaitFor.Completion(group.DisposeAsync().AsTask());

        Assert.Empty(group.Failures);
        Assert.True(given!.IsCanceled);
        Assert.False(ran);
    }

    [Fact]
    public async Task The_end_of_a_body_that_succeeded_cancels_nothing()
    {
        var release = new Signal();
        Task<bool>? result = null, given = null;

        var all = _parent.RunGroupAsync(group =>
        {
            result = group.Run(async ctx =>
            {
                await release.Task;
                given = group.Run(ctx => Task.FromResult(ctx.IsDone));
                return ctx.IsDone;
            });
            return Task.CompletedTask;
        });
        Assert.False(all.IsCompleted);
        release.SetResult();
        await WaitFor.Completion(all);

        Assert.False(await result!);
        Assert.False(await given!);
        Assert.Equal(0, _parent.ChildCount);
    }

    [Fact]
    public async Task A_disposal_after_the_end_of_the_body_cancels_what_the_end_waits_for()
    {
        ContextGroup? mine = null;

        var all = _parent.RunGroupAsync(group =>
        {
            mine = group;
            group.Go(GroupFailureTests.WaitForEndAsync);
            return Task.CompletedTask;
        });
        Assert.False(all.IsCompleted);
        await WaitFor.Completion(mine!.DisposeAsync().AsTask());

        var e = await GroupFailureTests.ThrownBy<ContextCanceledException>(all);
        Assert.Same(mine.Context.Cause, e.InnerException);
    }
}
