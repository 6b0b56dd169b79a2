using System.Runtime.CompilerServices;

namespace Baton.Tests;

public sealed class SelectCompletedTests
{
    private readonly CancelableContext _ctx = Context.Background.WithCancel();
    private readonly Signal<int> _work = new();

    [Fact]
    public async Task A_task_that_has_completed_is_taken()
    {
        Assert.Equal(1, await Select.Done(_ctx).Completed(Task.CompletedTask));
        Assert.Equal(0, await Select.Completed(Task.FromResult(5)).Done(_ctx));
        Assert.Equal(0, await Select.Completed(Task.CompletedTask).Default());
        Assert.Equal(1, await Select.Completed(_work.Task).Default());
    }

    [Fact]
    public async Task A_task_that_completes_is_taken()
    {
        var select = Select.Done(_ctx).Completed(_work.Task).AsTask();
        Assert.False(select.IsCompleted);

        _work.SetResult(42);

        Assert.Equal(1, await WaitFor.Result(select));
        Assert.Equal(42, await _work.Task);
        Assert.Equal(0, _ctx.CallbackCount);
    }

    [Fact]
    public async Task A_failed_task_gives_its_exception()
    {
        var mine = new IOException("cut");
        var waiting = Select.Done(_ctx).Completed(_work.Task).AsTask();
        _work.SetException(mine);

        Assert.Same(mine, await Assert.ThrowsAsync<IOException>(() => WaitFor.Completion(waiting)));
        Assert.Same(
            mine, await Assert.ThrowsAsync<IOException>(Select.Completed(_work.Task).Done(_ctx).AsTask));
        Assert.Equal(0, _ctx.CallbackCount);
    }

    [Fact]
    public async Task A_task_that_failed_twice_gives_both_exceptions()
    {
        var (first, second) = (new IOException("first"), new TimeoutException("second"));
        var work = new TaskCompletionSource();
        var both = Task.WhenAll(work.Task, Task.FromException(second));
        var waiting = Select.Done(_ctx).Completed(both).AsTask();
        work.SetException(first);
        await Assert.ThrowsAnyAsync<Exception>(() => WaitFor.Completion(waiting));

        var ready = Select.Completed(both).Done(_ctx).AsTask();

        Assert.Equal(2, both.Exception!.InnerExceptions.Count);
        Assert.Equal(both.Exception.InnerExceptions, waiting.Exception!.InnerExceptions);
        Assert.Equal(both.Exception.InnerExceptions, ready.Exception!.InnerExceptions);
    }

    [Fact]
    public async Task A_canceled_task_gives_its_exception()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var canceled = Select.Completed(Task.FromCanceled(source.Token)).AsTask();

        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);

        Assert.Equal(source.Token, e.CancellationToken);
        Assert.True(canceled.IsCanceled);
    }

    [Fact]
    public async Task A_task_that_lost_holds_on_to_nothing()
    {
        var (select, weak) = Start();
        Assert.False(Memory.IsFree(weak));
        _ctx.Cancel();
        Assert.Equal(2, await WaitFor.Result(select));

        // The code after the await may run above the select on the stack.
        await Task.Yield();
        Assert.True(Memory.IsFree(weak));
        _work.SetResult(1);
    }

    /// <summary>Only the wait refers to the reader.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private (Task<int> Select, WeakReference Weak) Start()
    {
        var reader = new CountingReader<int>();
        var select = Select.Completed(_work.Task).Receive(reader).Done(_ctx).AsTask();
        return (select, new WeakReference(reader));
    }
}
