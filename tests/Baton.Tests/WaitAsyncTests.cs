using System.Runtime.CompilerServices;

namespace Baton.Tests;

[Collection(nameof(Alone))]
public sealed class WaitAsyncTests
{
    private readonly CancelableContext _ctx = Context.Background.WithCancel();
    private readonly TaskCompletionSource<int> _work = new();

    [Fact]
    public async Task A_task_that_has_completed_is_returned_as_it_is_even_if_the_context_is_done()
    {
        _ctx.Cancel();
        var faulted = Task.FromException<int>(new InvalidOperationException("its own"));
        var canceled = Task.FromCanceled<int>(new CancellationToken(true));
        var completed = Task.FromResult(42);

        Assert.Same(completed, _ctx.WaitAsync(completed));
        Assert.Same(completed, _ctx.WaitAsync((Task)completed));
        Assert.Same(faulted, _ctx.WaitAsync(faulted));
        Assert.Same(canceled, _ctx.WaitAsync(canceled));
        await Assert.ThrowsAsync<InvalidOperationException>(() => faulted);
    }

    [Fact]
    public async Task A_result_passes_through()
    {
        var waiting = _ctx.WaitAsync(_work.Task);
        var plain = _ctx.WaitAsync((Task)_work.Task);
        Assert.False(waiting.IsCompleted || plain.IsCompleted);

        _work.SetResult(42);

        Assert.Equal(42, await WaitFor.Result(waiting));
        await WaitFor.Completion(plain);
        Assert.False(_ctx.IsDone);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancel_ends_the_wait_and_not_the_task(bool generic)
    {
        var cause = new InvalidOperationException("the reason");
        var waiting = generic ? _ctx.WaitAsync(_work.Task) : _ctx.WaitAsync((Task)_work.Task);

        _ctx.Cancel(cause);

        var e = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(waiting));
        Assert.Equal(_ctx.Done, e.CancellationToken);
        Assert.Same(cause, e.InnerException);
        Assert.NotSame(_ctx.Err, e);
        Assert.True(waiting.IsCanceled);
        Assert.False(_work.Task.IsCompleted);
    }

    [Fact]
    public async Task A_deadline_ends_the_wait()
    {
        var clock = new FakeTimeProvider();
        using var ctx = Context.Root(clock).WithTimeout(TimeSpan.FromSeconds(1));
        var waiting = ctx.WaitAsync(_work.Task);

        clock.Advance(TimeSpan.FromSeconds(1));

        var e = await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(waiting));
        Assert.Equal(ctx.Done, e.CancellationToken);
        Assert.Null(e.InnerException);
    }

    [Fact]
    public async Task A_context_that_is_done_ends_the_wait_for_an_unfinished_task_at_once()
    {
        _ctx.Cancel();

        var waiting = _ctx.WaitAsync(_work.Task);

        Assert.True(waiting.IsCanceled);
        await Assert.ThrowsAsync<ContextCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_fault_of_the_task_is_kept()
    {
        var own = new InvalidOperationException("its own");
        var waiting = _ctx.WaitAsync(_work.Task);
        var plain = _ctx.WaitAsync((Task)_work.Task);

        _work.SetException(own);

        Assert.Same(
            own, await Assert.ThrowsAsync<InvalidOperationException>(() => WaitFor.Completion(waiting)));
        Assert.Same(
            own, await Assert.ThrowsAsync<InvalidOperationException>(() => WaitFor.Completion(plain)));
        Assert.True(waiting.IsFaulted);
    }

    [Fact]
    public async Task A_task_that_was_canceled_by_others_keeps_its_token()
    {
        using var source = new CancellationTokenSource();
        var waiting = _ctx.WaitAsync(_work.Task);

        await source.CancelAsync();
        _work.SetCanceled(source.Token);

        var e = await Assert.ThrowsAsync<TaskCanceledException>(() => WaitFor.Completion(waiting));
        Assert.Equal(source.Token, e.CancellationToken);
        Assert.True(waiting.IsCanceled);
        Assert.False(_ctx.IsDone);
    }

    [Fact]
    public async Task A_task_that_throws_its_own_cancellation_keeps_the_exception()
    {
        var own = new OperationCanceledException("its own");
        var waiting = _ctx.WaitAsync(Throws());

        _work.SetResult(0);

        Assert.Same(
            own, await Assert.ThrowsAsync<OperationCanceledException>(() => WaitFor.Completion(waiting)));

        async Task Throws()
        {
            await _work.Task;
            throw own;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task All_exceptions_of_the_task_are_kept(bool generic)
    {
        var (first, second) = (new IOException("the first"), new TimeoutException("the second"));
        var other = new TaskCompletionSource<int>();
        var both = Task.WhenAll(_work.Task, other.Task);
        var waiting = generic ? _ctx.WaitAsync(both) : _ctx.WaitAsync((Task)both);

        _work.SetException(first);
        other.SetException(second);

        Assert.Same(first, await Assert.ThrowsAsync<IOException>(() => WaitFor.Completion(waiting)));
        Assert.True(waiting.IsFaulted);
        Assert.Equal<Exception>([first, second], waiting.Exception!.InnerExceptions);
    }

    [Fact]
    public async Task A_task_that_failed_with_a_cancellation_has_failed_for_the_waiter_too()
    {
        var own = new OperationCanceledException("its own");
        var waiting = _ctx.WaitAsync(_work.Task);

        _work.SetException(own);

        Assert.Same(
            own, await Assert.ThrowsAsync<OperationCanceledException>(() => WaitFor.Completion(waiting)));
        Assert.True(waiting.IsFaulted);
    }

    [Fact]
    public async Task A_task_that_the_context_canceled_gives_the_exception_of_the_context()
    {
        var waiting = _ctx.WaitAsync(_work.Task);

        _ctx.Cancel(new InvalidOperationException("the reason"));
        _work.SetCanceled(_ctx);

        var e = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(waiting));
        Assert.Equal("the reason", e.InnerException!.Message);
        Assert.True(waiting.IsCanceled);
    }

    [Fact]
    public async Task A_group_lists_each_exception_of_a_task_that_was_waited_for()
    {
        var (first, second) = (new IOException("the first"), new TimeoutException("the second"));
        await using var group = _ctx.Group();

        group.Go(ctx => ctx.WaitAsync(Task.WhenAll(Fails(first), Fails(second))));

        // WhenAll keeps the exceptions in the order in which the tasks failed.
        var waiting = group.WaitAsync();
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => WaitFor.Completion(waiting));
        Assert.Same(thrown, group.Failures[0]);
        Assert.Equal(2, group.Failures.Count);
        Assert.True(group.Failures.ToHashSet().SetEquals([first, second]));
        Assert.Equal<Exception>(group.Failures, waiting.Exception!.InnerExceptions);

        async Task Fails(Exception e)
        {
            await Task.Yield();
            throw e;
        }
    }

    [Fact]
    public async Task The_stack_trace_shows_who_waited()
    {
        var waiting = FirstWaiter(_ctx, _work.Task);
        _ctx.Cancel();

        var e = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(waiting));

        Assert.Contains(nameof(FirstWaiter), e.StackTrace, StringComparison.Ordinal);

        static async Task FirstWaiter(Context ctx, Task task) => await ctx.WaitAsync(task);
    }

    [Fact]
    public void A_context_that_never_ends_returns_the_task_itself()
    {
        Assert.Same(_work.Task, Context.Background.WaitAsync(_work.Task));
        Assert.Same(_work.Task, _ctx.WithoutCancel().WaitAsync(_work.Task));
    }

    [Fact]
    public async Task Nothing_of_the_wait_is_held_by_the_context_once_the_task_is_over()
    {
        var (state, finish) = StartWait(_ctx);
        Assert.False(Memory.IsFree(state));

        await finish();

        await WaitFor.True(() => Memory.IsFree(state));
        Assert.Equal(0, _ctx.ChildCount);
        Assert.Equal(0, _ctx.CallbackCount);
        _ctx.ThrowIfDone();
    }

    [Fact]
    public async Task Nothing_of_the_wait_is_held_by_the_task_once_the_context_is_done()
    {
        var waiting = AbandonWait(_work.Task);

        await WaitFor.True(() => Memory.IsFree(waiting));
        Assert.False(_work.Task.IsCompleted);
    }

    [Fact]
    public async Task A_task_keeps_nothing_more_for_each_wait_that_is_given_up()
    {
        await GiveUpAsync(1_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await GiveUpAsync(20_000);

        // If each wait kept the smallest possible object, that would be four times as much.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 120_000);
        var waiting = _ctx.WaitAsync(_work.Task);
        _work.SetResult(42);
        Assert.Equal(42, await WaitFor.Result(waiting));

        async Task GiveUpAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var ctx = _ctx.WithCancel();
                Task given = ctx.WaitAsync(_work.Task);
                ctx.Cancel();
                await given.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [Fact]
    public async Task A_wait_given_up_and_another_one_in_its_place_both_end()
    {
        using var first = _ctx.WithCancel();
        var given = first.WaitAsync(_work.Task);
        first.Cancel();
        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(given));
        var waiting = _ctx.WaitAsync(_work.Task);
        var beside = _ctx.WaitAsync(_work.Task);
        Assert.Equal(2, _ctx.CallbackCount);

        _work.SetException(new InvalidOperationException("its own"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => WaitFor.Completion(waiting));
        await Assert.ThrowsAsync<InvalidOperationException>(() => WaitFor.Completion(beside));
        Assert.Equal(0, _ctx.CallbackCount);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference State, Func<Task> Finish) StartWait(Context ctx)
    {
        var source = new TaskCompletionSource();
        var waiting = ctx.WaitAsync(source.Task);
        return (new WeakReference(waiting), Finish);

        async Task Finish()
        {
            source.SetResult();
            await WaitFor.Completion(waiting);
            waiting = Task.CompletedTask;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference AbandonWait(Task task)
    {
        using var ctx = Context.Background.WithCancel();
        var waiting = ctx.WaitAsync(task);
        _ = waiting.ContinueWith(
            static t => t.Exception, CancellationToken.None, TaskContinuationOptions.None,
            TaskScheduler.Default);
        ctx.Cancel();
        return new WeakReference(ctx);
    }
}
