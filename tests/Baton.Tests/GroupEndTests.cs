using System.Runtime.CompilerServices;

namespace Baton.Tests;

/// <summary>Leaving a group: by its disposal, or by the end of a body.</summary>
public sealed class GroupEndTests : IDisposable
{
    private readonly CancelableContext _parent = Context.Background.WithCancel();
    private readonly Lock _lock = new();
    private readonly HashSet<Exception> _reported = new(ReferenceEqualityComparer.Instance);

    public GroupEndTests() => TaskScheduler.UnobservedTaskException += OnUnobserved;

    public void Dispose() => TaskScheduler.UnobservedTaskException -= OnUnobserved;

    [Fact]
    public async Task A_group_that_was_disposed_takes_no_task()
    {
        var group = _parent.Group();
        await group.DisposeAsync();
        await group.DisposeAsync();

        var e = Assert.Throws<ObjectDisposedException>(() => group.Go(_ => Task.CompletedTask));
        Assert.Contains("Group()", e.Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => { _ = group.Run(_ => Task.FromResult(1)); });
        Assert.Throws<ObjectDisposedException>(() => { _ = group.GoAsync(_ => Task.CompletedTask); });
        Assert.False(group.TryGo(_ => Task.CompletedTask));
        Assert.True(group.WaitAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Failures_that_no_code_awaited_are_reported_as_those_of_tasks_are()
    {
        var (first, second) =
            (new InvalidOperationException("on purpose"), new NotSupportedException("on purpose"));
        var result = new InvalidOperationException("on purpose, of a result");

        await LeaveAsync(_parent, first, second, result);

        await WaitFor.True(() => IsReported(first) && IsReported(second) && IsReported(result));
    }

    [Fact]
    public async Task A_result_that_was_canceled_by_itself_is_reported_too()
    {
        var mine = new OperationCanceledException("on purpose");

        await CancelResultAsync(_parent, mine);

        await WaitFor.True(() => IsReported(mine));
    }

    [Fact]
    public async Task A_failure_of_a_task_that_was_canceled_by_leaving_is_reported()
    {
        var mine = new InvalidOperationException("on purpose");
        var failures = await FailAsync(_parent, mine);

        await WaitFor.True(() => IsReported(mine));

        Assert.Equal([mine], failures);
    }

    [Fact]
    public async Task Failures_that_were_awaited_are_not_reported()
    {
        var mine = Enumerable.Range(0, 6).Select(_ => new InvalidOperationException("on purpose")).ToArray();
        var sentinel = new InvalidOperationException("on purpose, and never awaited");

        await AwaitAsync(_parent, mine);
        await LeaveAsync(_parent, sentinel, sentinel, sentinel);
        await WaitFor.True(() => IsReported(sentinel));

        Assert.DoesNotContain(mine, IsReported);
    }

    [Fact]
    public async Task The_end_of_the_parent_is_not_reported()
    {
        using var parent = _parent.WithCancel(new CancellationTokenSource().Token);
        var why = new InvalidOperationException("the parent's cause");
        var sentinel = new InvalidOperationException("on purpose, and never awaited");

        await EndAsync(parent, why);
        await LeaveAsync(_parent, sentinel, sentinel, sentinel);
        await WaitFor.True(() => IsReported(sentinel));

        lock (_lock)
        {
            Assert.DoesNotContain(_reported, e => e.InnerException == why);
        }
    }

    [Fact]
    public async Task A_body_that_fails_cancels_the_rest_and_waits_for_it()
    {
        var mine = new InvalidOperationException("mine");
        Task<int>? task = null;

        var all = _parent.RunGroupAsync(async group =>
        {
            task = group.Run(GroupFailureTests.WaitForEndAsync);
            await Task.Yield();
            throw mine;
        });

        Assert.Same(mine, await GroupFailureTests.ThrownBy<InvalidOperationException>(all));
        Assert.True(task!.IsCanceled);
        Assert.Same(mine, (await GroupFailureTests.ThrownBy<ContextCanceledException>(task)).InnerException);
        Assert.Equal(0, _parent.ChildCount);
    }

    [Fact]
    public async Task A_body_that_throws_at_once_or_gives_no_task_fails_the_task_not_the_call()
    {
        var mine = new InvalidOperationException("mine");

        var threw = _parent.RunGroupAsync(_ => throw mine);
        var gaveNone = _parent.RunGroupAsync(_ => null!);

        Assert.Same(mine, await GroupFailureTests.ThrownBy<InvalidOperationException>(threw));
        await GroupFailureTests.ThrownBy<InvalidOperationException>(gaveNone);
        Assert.Equal(0, _parent.ChildCount);
    }

    [Fact]
    public async Task A_failure_of_a_task_is_what_the_body_form_throws_though_the_body_goes_on()
    {
        var (first, second) = (new InvalidOperationException("first"), new NotSupportedException("second"));

        var all = _parent.RunGroupAsync(async group =>
        {
            group.Go(_ => throw first);
            await Select.Done(group.Context);
            throw second;
        });

        Assert.Same(first, await GroupFailureTests.ThrownBy<InvalidOperationException>(all));
        Assert.Equal([first, second], all.Exception!.InnerExceptions);
    }

    [Fact]
    public async Task A_body_that_succeeds_is_followed_by_its_tasks_and_may_wait_for_them()
    {
        var release = new Signal();
        var waited = new Signal();

        var all = _parent.RunGroupAsync(
            async group =>
            {
                group.Go(_ => Task.CompletedTask);
                await group.WaitAsync();
                group.Go(_ => release.Task);
                waited.SetResult();
            },
            limit: 1);
        await WaitFor.Completion(waited.Task);

        Assert.False(all.IsCompleted);
        release.SetResult();
        await WaitFor.Completion(all);
        Assert.Equal(0, _parent.ChildCount);
    }

    [Fact]
    public async Task If_the_parents_end_stops_the_body_it_is_the_parents_exception_that_is_thrown()
    {
        using var parent = _parent.WithCancel();
        var why = new TimeoutException("the client is gone");

        var all = parent.RunGroupAsync(group => group.Context.Delay(Timeout.InfiniteTimeSpan));
        parent.Cancel(why);

        var e = await GroupFailureTests.ThrownBy<ContextCanceledException>(all);
        Assert.Equal((parent.Done, why), (e.CancellationToken, e.InnerException));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task LeaveAsync(Context ctx, Exception first, Exception second, Exception result)
    {
        await using var group = ctx.Group();
        group.Go(async ctx =>
        {
            await Select.Done(ctx);
            throw second;
        });
        _ = group.Run<int>(async ctx =>
        {
            await Select.Done(ctx);
            throw result;
        });
        group.Go(_ => throw first);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task CancelResultAsync(Context ctx, Exception mine)
    {
        await using var group = ctx.Group();
        _ = group.Run<int>(_ => throw mine);
        await Select.Done(group.Context);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<IReadOnlyList<Exception>> FailAsync(Context ctx, Exception mine)
    {
        ContextGroup group;
        await using (group = ctx.Group())
        {
            _ = group.Run(GroupFailureTests.WaitForEndAsync);
            group.Go(async ctx =>
            {
                await Select.Done(ctx);
                throw mine;
            });
        }

        return group.Failures;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task AwaitAsync(Context ctx, Exception[] mine)
    {
        await using (var group = ctx.Group())
        {
            _ = group.Run<int>(_ => throw mine[0]);
            group.Go(async ctx =>
            {
                await Select.Done(ctx);
                throw mine[1];
            });
            await GroupFailureTests.ThrownBy<InvalidOperationException>(group.WaitAsync());
        }

        await using (var group = ctx.Group())
        {
            await GroupFailureTests.ThrownBy<InvalidOperationException>(group.Run<int>(_ => throw mine[2]));
        }

        await GroupFailureTests.ThrownBy<InvalidOperationException>(ctx.RunGroupAsync(group =>
        {
            _ = group.Run<int>(_ => throw mine[3]);
            group.Go(_ => throw mine[4]);
            return Task.FromException(mine[5]);
        }));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task EndAsync(CancelableContext parent, Exception why)
    {
        await using var group = parent.Group(limit: 1);
        _ = group.Run(GroupFailureTests.WaitForEndAsync);
        _ = group.Run(GroupFailureTests.WaitForEndAsync);
        _ = group.Run(GroupFailureTests.WaitForEndAsync);
        parent.Cancel(why);
        _ = group.WaitAsync();
    }

    private bool IsReported(Exception mine)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        lock (_lock)
        {
            return _reported.Contains(mine);
        }
    }

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs e)
    {
        lock (_lock)
        {
            _reported.UnionWith(e.Exception.Flatten().InnerExceptions);
        }
    }
}
