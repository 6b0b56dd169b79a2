namespace Baton.Tests;

/// <summary>What a failure of a task does, and which ends of a task are no failure.</summary>
public sealed class GroupFailureTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly CancelableContext _parent;

    public GroupFailureTests() => _parent = Context.Root(_clock).WithCancel();

    [Fact]
    public async Task The_first_failure_cancels_the_others_and_is_their_cause()
    {
        var mine = new InvalidOperationException("mine");
        await using var group = _parent.Group();
        var others = Enumerable.Range(0, 3).Select(_ => group.Run(WaitForEndAsync)).ToArray();

        group.Go(_ => Task.FromException(mine));
        var thrown = await ThrownBy<InvalidOperationException>(group.WaitAsync());

        Assert.Same(mine, thrown);
        Assert.Same(mine, group.Context.Cause);
        Assert.Equal([mine], group.Failures);
        Assert.False(_parent.IsDone);
        foreach (var other in others)
        {
            var e = await ThrownBy<ContextCanceledException>(other);
            Assert.Same(mine, e.InnerException);
        }
    }

    [Fact]
    public async Task The_other_failures_come_with_the_first()
    {
        var (first, second) = (new InvalidOperationException("first"), new NotSupportedException("second"));
        await using var group = _parent.Group();
        group.Go(async ctx =>
        {
            await Select.Done(ctx);
            throw second;
        });

        group.Go(_ => throw first);
        var wait = group.WaitAsync();

        Assert.Same(first, await ThrownBy<InvalidOperationException>(wait));
        Assert.Equal([first, second], wait.Exception!.InnerExceptions);
        Assert.Equal([first, second], group.Failures);
    }

    [Fact]
    public async Task Each_call_of_WaitAsync_throws_the_first_failure()
    {
        var mine = new InvalidOperationException("mine");
        await using var group = _parent.Group();
        group.Go(_ => Task.FromException(mine));

        Assert.Same(mine, await ThrownBy<InvalidOperationException>(group.WaitAsync()));
        Assert.Same(mine, await ThrownBy<InvalidOperationException>(group.WaitAsync()));
    }

    [Fact]
    public async Task A_task_that_throws_before_its_first_await_has_failed()
    {
        var mine = new InvalidOperationException("mine");
        await using var group = _parent.Group();

        group.Go(_ => throw mine);

        Assert.Same(mine, await ThrownBy<InvalidOperationException>(group.WaitAsync()));
        Assert.Same(mine, group.Context.Cause);
    }

    [Fact]
    public async Task A_function_that_returns_no_task_has_failed()
    {
        await using var group = _parent.Group();

        group.Go(_ => null!);

        var e = await ThrownBy<InvalidOperationException>(group.WaitAsync());
        Assert.Contains("Task.CompletedTask", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_a_task_awaited_in_vain_is_among_the_failures_once()
    {
        var (first, second) = (new InvalidOperationException("first"), new NotSupportedException("second"));
        await using var group = _parent.Group();
        var result = group.Run<int>(_ => throw first);
        group.Go(_ => Task.WhenAll(result, Task.FromException(second)));

        await ThrownBy<InvalidOperationException>(group.WaitAsync());

        Assert.Equal([first, second], group.Failures);
    }

    [Fact]
    public async Task Of_several_failures_of_one_task_the_first_is_the_cause()
    {
        var (first, second) = (new InvalidOperationException("first"), new NotSupportedException("second"));
        await using var group = _parent.Group();

        group.Go(_ => Task.WhenAll(Task.FromException(first), Task.FromException(second)));

        Assert.Same(first, await ThrownBy<InvalidOperationException>(group.WaitAsync()));
        Assert.Same(first, group.Context.Cause);
        Assert.Equal([first, second], group.Failures);
    }

    [Fact]
    public async Task A_task_that_is_canceled_by_itself_has_failed()
    {
        using var own = new CancellationTokenSource();
        await own.CancelAsync();
        await using var group = _parent.Group();
        var other = group.Run(WaitForEndAsync);

        group.Go(_ => Task.FromCanceled(own.Token));

        var e = await ThrownBy<TaskCanceledException>(group.WaitAsync());
        Assert.Equal(own.Token, e.CancellationToken);
        Assert.Same(e, group.Context.Cause);
        await ThrownBy<ContextCanceledException>(other);
    }

    [Fact]
    public async Task A_task_that_passes_a_deadline_of_its_own_has_failed()
    {
        await using var group = _parent.Group();
        var begun = new Signal();
        group.Go(async ctx =>
        {
            using var own = ctx.WithTimeout(TimeSpan.FromSeconds(1));
            var end = own.Delay(Timeout.InfiniteTimeSpan);
            begun.SetResult();
            await end;
        });
        await WaitFor.Completion(begun.Task);

        _clock.Advance(TimeSpan.FromSeconds(1));

        var e = await ThrownBy<DeadlineExceededException>(group.WaitAsync());
        Assert.Same(e, Assert.Single(group.Failures));
        Assert.Same(e, group.Context.Cause);
    }

    [Fact]
    public async Task If_only_the_parents_end_made_tasks_end_WaitAsync_throws_the_parents_exception()
    {
        var why = new TimeoutException("the client is gone");
        await using var group = _parent.Group();
        _ = group.Run(WaitForEndAsync);
        group.Go(_ => Task.CompletedTask);

        _parent.Cancel(why);

        var e = await ThrownBy<ContextCanceledException>(group.WaitAsync());
        Assert.Same(why, e.InnerException);
        Assert.Equal(_parent.Done, e.CancellationToken);
        Assert.Empty(group.Failures);
    }

    [Fact]
    public async Task If_it_was_the_parents_deadline_that_is_the_exception()
    {
        using var parent = _parent.WithTimeout(TimeSpan.FromSeconds(1));
        await using var group = parent.Group();
        _ = group.Run(WaitForEndAsync);

        _clock.Advance(TimeSpan.FromSeconds(1));

        var e = await ThrownBy<DeadlineExceededException>(group.WaitAsync());
        Assert.Equal(parent.Deadline, e.Deadline);
    }

    [Fact]
    public async Task A_failure_after_the_parents_end_is_what_WaitAsync_throws()
    {
        var mine = new InvalidOperationException("mine");
        await using var group = _parent.Group();
        _ = group.Run(WaitForEndAsync);
        group.Go(async ctx =>
        {
            await Select.Done(ctx);
            throw mine;
        });

        _parent.Cancel();

        Assert.Same(mine, await ThrownBy<InvalidOperationException>(group.WaitAsync()));
        Assert.Same(_parent.Cause, group.Context.Cause);
    }

    [Fact]
    public async Task Tasks_that_finish_in_spite_of_the_parents_end_are_no_exception()
    {
        await using var group = _parent.Group();
        _ = group.Run(async ctx => await Select.Done(ctx));

        _parent.Cancel();

        await WaitFor.Completion(group.WaitAsync());
    }

    [Fact]
    public async Task WaitAsync_goes_on_waiting_after_the_end_for_a_task_that_does_not_stop()
    {
        var release = new Signal();
        await using var group = _parent.Group();
        group.Go(_ => release.Task);
        var wait = group.WaitAsync();

        _parent.Cancel();

        Assert.False(wait.IsCompleted);
        release.SetResult();
        await WaitFor.Completion(wait);
    }

    [Fact]
    public async Task A_task_given_to_a_group_that_is_done_is_not_run_and_WaitAsync_says_why()
    {
        var why = new TimeoutException("too late");
        _parent.Cancel(why);
        await using var group = _parent.Group();
        var ran = false;

        Assert.False(group.TryGo(RunAsync));
        Assert.True(group.WaitAsync().IsCompletedSuccessfully);
        group.Go(RunAsync);
        var result = group.Run(async ctx =>
        {
            await RunAsync(ctx);
            return 42;
        });
        var start = group.GoAsync(RunAsync);

        Assert.True(result.IsCanceled && start.IsCanceled);
        Assert.Same(why, (await ThrownBy<ContextCanceledException>(result)).InnerException);
        Assert.Same(why, (await ThrownBy<ContextCanceledException>(start)).InnerException);
        Assert.Same(why, (await ThrownBy<ContextCanceledException>(group.WaitAsync())).InnerException);
        Assert.False(ran);

        Task RunAsync(Context ctx)
        {
            ran = true;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_result_ends_as_its_task_does()
    {
        await using var group = _parent.Group();
        var (first, second) = (new InvalidOperationException("first"), new NotSupportedException("second"));

        var fine = group.Run(_ => Task.FromResult(42));
        Assert.Equal(42, await WaitFor.Result(fine));
        var failed = group.Run(async _ =>
        {
            await Task.Yield();
            await Task.FromException(first);
            return 42;
        });

        Assert.Same(first, await ThrownBy<InvalidOperationException>(failed));
        Assert.True(group.Context.IsDone);
        await ThrownBy<InvalidOperationException>(group.WaitAsync());
        await using var other = _parent.Group();
        var threw = other.Run<int>(_ => throw second);
        Assert.Same(second, await ThrownBy<NotSupportedException>(threw));
        await ThrownBy<NotSupportedException>(other.WaitAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_task_that_ends_by_a_foreign_token_above_the_group_has_not_failed(bool isMerged)
    {
        using var source = new CancellationTokenSource();
        using var above = isMerged
            ? _parent.WithCancel(source.Token)
            : Context.FromToken(source.Token).WithCancel();
        await using var group = above.Group();
        var (begun, ended) = (new Signal(), new TaskCompletionSource());
        _ = group.Run(WaitForEndAsync);
        group.Go(_ =>
        {
            // A token calls its newest callback first, so this task ends before the token has told the group.
            source.Token.Register(() => ended.SetCanceled(source.Token));
            begun.SetResult();
            return ended.Task;
        });
        await WaitFor.Completion(begun.Task);

        await source.CancelAsync();

        var e = await ThrownBy<ContextCanceledException>(group.WaitAsync());
        Assert.Equal(above.Done, e.CancellationToken);
        Assert.Empty(group.Failures);
        Assert.Same(group.Context.Err, group.Context.Cause);
    }

    [Fact]
    public async Task A_body_that_ends_by_a_foreign_token_above_the_group_has_not_failed()
    {
        using var source = new CancellationTokenSource();
        var ctx = Context.FromToken(source.Token);
        var ended = new TaskCompletionSource();

        var all = ctx.RunGroupAsync(group =>
        {
            group.Go(WaitForEndAsync);
            source.Token.Register(() => ended.SetCanceled(source.Token));
            return ended.Task;
        });
        await source.CancelAsync();

        var e = await ThrownBy<ContextCanceledException>(all);
        Assert.Equal(source.Token, e.CancellationToken);
    }

    internal static async Task<int> WaitForEndAsync(Context ctx)
    {
        await ctx.Delay(Timeout.InfiniteTimeSpan);
        return 0;
    }

    internal static Task<T> ThrownBy<T>(Task task)
        where T : Exception => Assert.ThrowsAsync<T>(() => WaitFor.Completion(task));
}
