namespace Baton.Tests;

public sealed class AfterFuncTests
{
    private static readonly AsyncLocal<string?> s_ambient = new();

    private readonly CancelableContext _ctx = Context.Background.WithCancel();

    [Fact]
    public async Task It_runs_once_on_the_thread_pool_when_the_context_is_done()
    {
        var runs = 0;
        var ran = new Signal<(bool IsPool, bool IsDone)>();
        var registration = _ctx.AfterFunc(() =>
        {
            Interlocked.Increment(ref runs);
            ran.SetResult((Thread.CurrentThread.IsThreadPoolThread, _ctx.IsDone));
        });
        Assert.Equal(1, _ctx.CallbackCount);

        _ctx.Cancel();
        _ctx.Cancel();

        Assert.Equal((true, true), await WaitFor.Result(ran.Task));
        await registration.StopAndWaitAsync();
        Assert.Equal(1, runs);
        Assert.Equal(0, _ctx.CallbackCount);
    }

    [Fact]
    public async Task On_a_done_context_it_is_started_at_once()
    {
        var ran = new Signal();
        _ctx.Cancel();

        var registration = _ctx.AfterFunc(ran.SetResult);

        await WaitFor.Completion(ran.Task);
        Assert.False(registration.Stop());
    }

    [Fact]
    public async Task It_never_runs_on_the_stack_of_the_canceler()
    {
        using var gate = new ManualResetEventSlim();
        var ran = new Signal();
        _ctx.AfterFunc(() =>
        {
            gate.Wait(TestContext.Current.CancellationToken);
            ran.SetResult();
        });

        _ctx.Cancel();
        _ctx.AfterFunc(() => gate.Wait(TestContext.Current.CancellationToken));
        Assert.False(ran.Task.IsCompleted);

        gate.Set();
        await WaitFor.Completion(ran.Task);
    }

    [Fact]
    public async Task Several_callbacks_are_independent()
    {
        var ran = new Signal[5];
        var registrations = new ContextRegistration[5];
        for (var i = 0; i < ran.Length; i++)
        {
            var mine = ran[i] = new Signal();
            registrations[i] = _ctx.AfterFunc(mine.SetResult);
        }

        Assert.True(registrations[2].Stop());
        Assert.True(registrations[4].Stop());
        Assert.True(registrations[0].Stop());
        Assert.Equal(2, _ctx.CallbackCount);
        _ctx.Cancel();

        await WaitFor.Completion(ran[1].Task);
        await WaitFor.Completion(ran[3].Task);
        Assert.False(ran[0].Task.IsCompleted || ran[2].Task.IsCompleted || ran[4].Task.IsCompleted);
    }

    [Fact]
    public void Stop_is_true_once_if_the_callback_will_never_run()
    {
        var ran = false;
        var registration = _ctx.AfterFunc(() => ran = true);
        var copy = registration;

        Assert.True(registration.Stop());
        Assert.False(registration.Stop());
        Assert.False(copy.Stop());

        Assert.Equal(0, _ctx.CallbackCount);
        _ctx.Cancel();
        Assert.False(registration.Stop());
        Assert.False(ran);
    }

    [Fact]
    public async Task Stop_is_false_once_the_callback_was_started()
    {
        using var gate = new ManualResetEventSlim();
        var finished = new Signal();
        var registration = _ctx.AfterFunc(() =>
        {
            gate.Wait(TestContext.Current.CancellationToken);
            finished.SetResult();
        });

        _ctx.Cancel();

        Assert.False(registration.Stop());
        gate.Set();
        await WaitFor.Completion(finished.Task);
        Assert.False(registration.Stop());
    }

    [Fact]
    public async Task Stop_and_wait_is_true_without_waiting_if_it_came_first()
    {
        var registration = _ctx.AfterFunc(() => { });

        var first = registration.StopAndWaitAsync().AsTask();
        Assert.True(first.IsCompleted);
        Assert.True(await first);

        var second = registration.StopAndWaitAsync().AsTask();
        Assert.True(second.IsCompleted);
        Assert.False(await second);
        Assert.False(registration.Stop());
    }

    [Fact]
    public async Task Stop_and_wait_waits_for_a_callback_that_is_running()
    {
        using var gate = new ManualResetEventSlim();
        var started = new Signal();
        var finished = false;
        var registration = _ctx.AfterFunc(() =>
        {
            started.SetResult();
            gate.Wait(TestContext.Current.CancellationToken);
            Volatile.Write(ref finished, true);
        });
        _ctx.Cancel();
        await WaitFor.Completion(started.Task);

        var waiters = Enumerable.Range(0, 3).Select(_ => registration.StopAndWaitAsync().AsTask()).ToArray();
        Assert.All(waiters, waiter => Assert.False(waiter.IsCompleted));
        gate.Set();

        Assert.All(await WaitFor.Result(Task.WhenAll(waiters)), Assert.False);
        Assert.True(Volatile.Read(ref finished));
        Assert.True(registration.StopAndWaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task Stop_and_wait_waits_for_a_callback_that_is_still_to_start()
    {
        var finished = false;
        var registration = _ctx.AfterFunc(() => Volatile.Write(ref finished, true));
        _ctx.Cancel();

        Assert.False(await WaitFor.Result(registration.StopAndWaitAsync().AsTask()));

        Assert.True(Volatile.Read(ref finished));
    }

    [Fact]
    public async Task Stop_and_wait_by_the_callback_itself_does_not_wait()
    {
        var registration = default(ContextRegistration);
        var inside = new Signal<(bool Completed, bool Result)>();
        registration = _ctx.AfterFunc(() =>
        {
            var answer = registration.StopAndWaitAsync().AsTask();
            inside.SetResult((answer.IsCompleted, answer.IsCompletedSuccessfully && answer.Result));
        });

        _ctx.Cancel();

        Assert.Equal((true, false), await WaitFor.Result(inside.Task));
        Assert.False(await WaitFor.Result(registration.StopAndWaitAsync().AsTask()));
    }

    [Fact]
    public async Task Stop_and_wait_ends_when_the_callback_throws()
    {
        var registration = _ctx.AfterFunc(() =>
            throw new TimeoutException("thrown by a callback, on purpose"));
        _ctx.Cancel();

        Assert.False(await WaitFor.Result(registration.StopAndWaitAsync().AsTask()));
    }

    [Fact]
    public async Task Two_callbacks_may_each_wait_for_a_third()
    {
        using var gate = new ManualResetEventSlim();
        var third = _ctx.AfterFunc(() => gate.Wait(TestContext.Current.CancellationToken));
        var first = new Signal<Task<bool>>();
        _ctx.AfterFunc(() => first.SetResult(third.StopAndWaitAsync().AsTask()));

        _ctx.Cancel();
        var waiting = await WaitFor.Result(first.Task);
        Assert.False(waiting.IsCompleted);
        gate.Set();

        Assert.False(await WaitFor.Result(waiting));
    }

    [Fact]
    public async Task The_default_registration_is_stopped()
    {
        var registration = default(ContextRegistration);

        Assert.False(registration.Stop());
        Assert.False(await registration.StopAndWaitAsync());
        registration.Dispose();
        Assert.Equal(default, registration);
        Assert.Equal(0, registration.GetHashCode());
    }

    [Fact]
    public void Copies_are_equal_and_others_are_not()
    {
        var registration = _ctx.AfterFunc(() => { });
        var copy = registration;
        var other = _ctx.AfterFunc(() => { });

        Assert.True(registration == copy);
        Assert.True(registration.Equals((object)copy));
        Assert.Equal(registration.GetHashCode(), copy.GetHashCode());
        Assert.True(registration != other);
        Assert.False(registration.Equals(null));
        Assert.NotEqual(default, registration);
    }

    [Fact]
    public void Disposing_a_registration_stops_it()
    {
        var registration = _ctx.AfterFunc(() => { });

        registration.Dispose();
        registration.Dispose();

        Assert.Equal(0, _ctx.CallbackCount);
        Assert.False(registration.Stop());
    }

    [Fact]
    public async Task On_a_context_that_never_ends_the_first_stop_is_true()
    {
        var registration = Context.Background.AfterFunc(() => { });

        Assert.True(registration.Stop());
        Assert.False(registration.Stop());
        Assert.True(await Context.Todo.AfterFunc(() => { }).StopAndWaitAsync());
    }

    [Fact]
    public async Task Either_a_stop_is_true_or_the_callback_runs()
    {
        for (var round = 0; round < 2_000; round++)
        {
            var ctx = Context.Background.WithCancel();
            var runs = 0;
            var registration = ctx.AfterFunc(() => Interlocked.Increment(ref runs));
            using var start = new Barrier(2);
            var canceler = Task.Run(() =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                ctx.Cancel();
            });

            start.SignalAndWait(TestContext.Current.CancellationToken);
            var stopped = registration.Stop();
            await WaitFor.Completion(canceler);
            await registration.StopAndWaitAsync();

            Assert.Equal(stopped ? 0 : 1, Volatile.Read(ref runs));
        }
    }

    [Fact]
    public async Task It_runs_under_the_execution_context_of_the_caller()
    {
        var seen = new Signal<string?>();
        s_ambient.Value = "caller";
        _ctx.AfterFunc(() => seen.SetResult(s_ambient.Value));

        s_ambient.Value = "canceler";
        _ctx.Cancel();

        Assert.Equal("caller", await WaitFor.Result(seen.Task));
    }

    [Fact]
    public async Task A_change_that_it_makes_to_the_execution_context_does_not_reach_the_caller()
    {
        var ran = new Signal();
        s_ambient.Value = "caller";
        var registration = _ctx.AfterFunc(() =>
        {
            s_ambient.Value = "callback";
            ran.SetResult();
        });

        _ctx.Cancel();
        await WaitFor.Completion(ran.Task);
        await registration.StopAndWaitAsync();

        Assert.Equal("caller", s_ambient.Value);
    }

    [Fact]
    public async Task With_the_flow_suppressed_it_carries_nothing()
    {
        var seen = new Signal<string?>();
        s_ambient.Value = "caller";
        using (ExecutionContext.SuppressFlow())
        {
            _ctx.AfterFunc(() => seen.SetResult(s_ambient.Value));
            _ctx.Cancel();
        }

        Assert.Null(await WaitFor.Result(seen.Task));
    }

    [Fact]
    public async Task A_token_callback_runs_under_the_execution_context_of_its_registration()
    {
        using var child = _ctx.WithCancel();
        var seen = new Signal<string?>();
        s_ambient.Value = "caller";
        child.Done.Register(() => seen.SetResult(s_ambient.Value));

        s_ambient.Value = "canceler";
        _ctx.Cancel();

        Assert.Equal("caller", await WaitFor.Result(seen.Task));
    }

    [Fact]
    public void Canceling_with_the_flow_suppressed_leaves_it_suppressed()
    {
        using var child = _ctx.WithCancel();
        _ = child.Done;

        var flow = ExecutionContext.SuppressFlow();
        _ctx.Cancel();
        Assert.True(ExecutionContext.IsFlowSuppressed());
        flow.Undo();

        Assert.False(ExecutionContext.IsFlowSuppressed());
        Assert.True(child.IsDone);
    }
}
