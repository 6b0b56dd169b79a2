using System.Runtime.CompilerServices;

namespace Baton.Tests;

/// <summary>Callbacks of <c>AfterFunc</c> that return a task, and registrations that are disposed.</summary>
public sealed class AfterFuncTaskTests
{
    private static readonly AsyncLocal<string?> s_ambient = new();

    private readonly CancelableContext _ctx = Context.Background.WithCancel();
    private readonly Signal _gate = new();
    private readonly Signal _started = new();
    private bool _hasFinished;

    [Fact]
    public async Task Stop_and_wait_waits_for_the_task()
    {
        var registration = _ctx.AfterFunc(HoldAsync);
        _ctx.Cancel();
        await WaitFor.Completion(_started.Task);

        var waiters = Enumerable.Range(0, 3).Select(_ => registration.StopAndWaitAsync().AsTask()).ToArray();
        Assert.All(waiters, static waiter => Assert.False(waiter.IsCompleted));
        Assert.False(registration.Stop());
        _gate.SetResult();

        Assert.All(await WaitFor.Result(Task.WhenAll(waiters)), Assert.False);
        Assert.True(Volatile.Read(ref _hasFinished));
        Assert.True(registration.StopAndWaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task A_callback_that_a_callback_started_does_not_wait_for_the_outer_one()
    {
        using var inner = Context.Background.WithCancel();
        inner.Cancel();
        ContextRegistration outer = default;
        var stopped = new Signal<bool>();
        outer = _ctx.AfterFunc(async () =>
        {
            await _started.Task;

            // Both wait for each other, if the inner one is not known to belong to the outer one.
            await using (inner.AfterFunc(async () => stopped.SetResult(await outer.StopAndWaitAsync())))
            {
            }
        });

        _ctx.Cancel();
        _started.SetResult();

        Assert.False(await WaitFor.Result(stopped.Task));
        Assert.False(await WaitFor.Result(outer.StopAndWaitAsync().AsTask()));
    }

    [Fact]
    public async Task It_runs_on_the_pool_once_under_the_execution_context_of_the_caller()
    {
        var runs = 0;
        var seen = new Signal<(bool IsPool, bool IsDone, string? Before, string? After)>();
        s_ambient.Value = "caller";
        var registration = _ctx.AfterFunc(async () =>
        {
            Interlocked.Increment(ref runs);
            var (isPool, before) = (Thread.CurrentThread.IsThreadPoolThread, s_ambient.Value);
            await Task.Yield();
            seen.SetResult((isPool, _ctx.IsDone, before, s_ambient.Value));
        });

        s_ambient.Value = "canceler";
        _ctx.Cancel();
        _ctx.Cancel();

        Assert.Equal((true, true, "caller", "caller"), await WaitFor.Result(seen.Task));
        Assert.False(await WaitFor.Result(registration.StopAndWaitAsync().AsTask()));
        Assert.Equal(1, runs);
    }

    [Fact]
    public void A_callback_that_was_stopped_never_runs()
    {
        var registration = _ctx.AfterFunc(HoldAsync);

        Assert.True(registration.Stop());
        _ctx.Cancel();

        Assert.False(registration.Stop());
        Assert.Equal(0, _ctx.CallbackCount);
        Assert.False(_started.Task.IsCompleted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_and_wait_by_the_callback_itself_does_not_wait(bool afterAnAwait)
    {
        var registration = default(ContextRegistration);
        var inside = new Signal<(bool IsCompleted, bool Result)>();
        registration = _ctx.AfterFunc(async () =>
        {
            if (afterAnAwait)
            {
                await Task.Yield();
            }

            var stopping = registration.StopAndWaitAsync().AsTask();
            inside.SetResult((stopping.IsCompleted, await stopping));
            await _gate.Task;
        });

        _ctx.Cancel();

        Assert.Equal((true, false), await WaitFor.Result(inside.Task));
        var waiting = registration.StopAndWaitAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        _gate.SetResult();
        Assert.False(await WaitFor.Result(waiting));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_and_wait_by_code_that_the_callback_awaits_does_not_wait(bool suppressed)
    {
        var registration = default(ContextRegistration);
        registration = Register();
        _ctx.Cancel();

        Assert.False(await WaitFor.Result(registration.StopAndWaitAsync().AsTask()));

        ContextRegistration Register()
        {
            using var flow = suppressed ? ExecutionContext.SuppressFlow() : default;
            return _ctx.AfterFunc(() => Task.Run(async () => await registration.StopAndWaitAsync()));
        }
    }

    [Fact]
    public async Task One_callback_waits_for_another_that_it_did_not_start()
    {
        var registration = _ctx.AfterFunc(HoldAsync);
        var first = new Signal<Task<bool>>();
        _ctx.AfterFunc(async () =>
        {
            await _started.Task;
            first.SetResult(registration.StopAndWaitAsync().AsTask());
        });

        _ctx.Cancel();

        var waiting = await WaitFor.Result(first.Task);
        Assert.False(waiting.IsCompleted);
        _gate.SetResult();
        Assert.False(await WaitFor.Result(waiting));
    }

    [Fact]
    public async Task The_compiler_takes_each_kind_of_callback()
    {
        var runs = 0;
        ContextRegistration[] registrations =
        [
            _ctx.AfterFunc(Plain),
            _ctx.AfterFunc(PlainAsync),
            _ctx.AfterFunc(ResultAsync),
            _ctx.AfterFunc(() => Interlocked.Increment(ref runs)),
            _ctx.AfterFunc(() => PlainAsync()),
            _ctx.AfterFunc(() => ResultAsync()),
            _ctx.AfterFunc(async () => await ResultAsync()),
            _ctx.AfterFunc(async () => await new ValueTask(PlainAsync())),
            _ctx.AfterFunc(() => throw new TimeoutException("thrown by a callback, on purpose")),
            _ctx.AfterFunc(delegate { Plain(); }),
        ];

        _ctx.Cancel();

        foreach (var registration in registrations)
        {
            Assert.False(await WaitFor.Result(registration.StopAndWaitAsync().AsTask()));
        }

        Assert.Equal(9, runs);

        void Plain() => Interlocked.Increment(ref runs);

        async Task PlainAsync()
        {
            await Task.Yield();
            Plain();
        }

        async Task<int> ResultAsync()
        {
            await PlainAsync();
            return runs;
        }
    }

    [Fact]
    public async Task An_await_using_block_is_left_when_the_callback_has_finished()
    {
        var leaving = LeaveAsync();
        await WaitFor.Completion(_started.Task);
        Assert.False(leaving.IsCompleted);

        _gate.SetResult();

        Assert.True(await WaitFor.Result(leaving));

        async Task<bool> LeaveAsync()
        {
            await using (_ctx.AfterFunc(HoldAsync))
            {
                _ctx.Cancel();
            }

            return Volatile.Read(ref _hasFinished);
        }
    }

    [Fact]
    public async Task A_using_block_is_left_at_once()
    {
        using (_ctx.AfterFunc(HoldAsync))
        {
            _ctx.Cancel();
        }

        Assert.False(Volatile.Read(ref _hasFinished));
        await WaitFor.Completion(_started.Task);
        _gate.SetResult();
    }

    [Fact]
    public async Task Each_copy_disposes_the_registration_and_each_disposal_waits()
    {
        var registration = _ctx.AfterFunc(HoldAsync);
        var copy = registration;
        _ctx.Cancel();
        await WaitFor.Completion(_started.Task);

        var (first, second) = (registration.DisposeAsync().AsTask(), copy.DisposeAsync().AsTask());
        Assert.False(first.IsCompleted || second.IsCompleted);
        _gate.SetResult();

        await WaitFor.Completion(Task.WhenAll(first, second));
        Assert.True(registration.DisposeAsync().AsTask().IsCompleted);
    }

    [Fact]
    public void A_disposal_that_stops_the_callback_does_not_wait()
    {
        var registration = _ctx.AfterFunc(HoldAsync);

        Assert.True(registration.DisposeAsync().AsTask().IsCompletedSuccessfully);
        Assert.True(registration.DisposeAsync().AsTask().IsCompletedSuccessfully);
        Assert.True(default(ContextRegistration).DisposeAsync().AsTask().IsCompletedSuccessfully);

        Assert.Equal(0, _ctx.CallbackCount);
        _ctx.Cancel();
        Assert.False(_started.Task.IsCompleted);
    }

    [Fact]
    public async Task What_a_callback_started_does_not_keep_the_context_alive()
    {
        var (ctx, callback) = await Run();

        await WaitFor.True(() => Memory.IsFree(ctx) && Memory.IsFree(callback));
        _gate.SetResult();

        [MethodImpl(MethodImplOptions.NoInlining)]
        async Task<(WeakReference Ctx, WeakReference Callback)> Run()
        {
            var ctx = Context.Background.WithCancel();
            var captured = new object();
            var gate = _gate.Task;
            var registration = ctx.AfterFunc(() =>
            {
                GC.KeepAlive(captured);
                _ = WaitAsync(gate);
                return Task.CompletedTask;
            });
            ctx.Cancel();
            await WaitFor.Result(registration.StopAndWaitAsync().AsTask());
            return (new WeakReference(ctx), new WeakReference(captured));
        }

        static async Task WaitAsync(Task gate) => await gate;
    }

    private async Task HoldAsync()
    {
        _started.SetResult();
        await _gate.Task;
        Volatile.Write(ref _hasFinished, true);
    }
}
