using System.Runtime.CompilerServices;

namespace Baton.Tests;

public sealed class SelectTaskTests
{
    private readonly CancelableContext _ctx = Context.Background.WithCancel();
    private readonly Signal<int> _work = new();

    [Fact]
    public async Task A_task_that_has_completed_is_taken()
    {
        var ran = 0;

        Assert.Equal(1, await Select.Done(_ctx).Task(Task.CompletedTask));
        Assert.Equal(0, await Select.Task(Task.CompletedTask, () => ran++).Done(_ctx));
        Assert.Equal(0, await Select.Task(Task.FromResult(5), n => ran += n).Default());
        Assert.Equal(0, await Select.Task(Task.FromResult(5), async n => ran += n).Default());
        Assert.Equal(1, await Select.Task(_work.Task).Default());

        Assert.Equal(11, ran);
    }

    [Fact]
    public async Task A_task_that_completes_is_taken()
    {
        var result = 0;
        var select = Select.Done(_ctx).Task(_work.Task, n => result = n).AsTask();
        Assert.False(select.IsCompleted);

        _work.SetResult(42);

        Assert.Equal(1, await WaitFor.Result(select));
        Assert.Equal(42, result);
        Assert.Equal(0, _ctx.CallbackCount);
    }

    [Fact]
    public async Task A_failed_task_gives_its_exception()
    {
        var mine = new IOException("cut");
        var ran = false;
        var waiting = Select.Done(_ctx).Task(_work.Task, _ => ran = true).AsTask();
        _work.SetException(mine);

        Assert.Same(mine, await Assert.ThrowsAsync<IOException>(() => WaitFor.Completion(waiting)));
        Assert.Same(mine, await Assert.ThrowsAsync<IOException>(Select.Task(_work.Task).Done(_ctx).AsTask));
        Assert.False(ran);
    }

    [Fact]
    public async Task A_canceled_task_gives_its_exception()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var canceled = Select.Task(Task.FromCanceled(source.Token), () => { }).AsTask();

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
        Assert.Equal(1, await WaitFor.Result(select));

        // What comes after the await may run above the select on the stack.
        await Task.Yield();
        Assert.True(Memory.IsFree(weak));
        _work.SetResult(1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (Task<int> Select, WeakReference Weak) Start()
    {
        var cases = Select.Task(_work.Task).Done(_ctx);
        return (cases.AsTask(), new WeakReference(cases));
    }
}
