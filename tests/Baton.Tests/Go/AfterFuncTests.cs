using System.Runtime.CompilerServices;

namespace Baton.Tests.Go;

public sealed class AfterFuncTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    [GoTest(14)]
    public void A_stopped_callback_leaves_its_context()
    {
        using var ctx = Context.Background.WithCancel();
        Assert.Equal(0, ctx.CallbackCount);
        var registration = ctx.AfterFunc(static () => { });
        Assert.Equal(1, ctx.CallbackCount);

        Assert.True(registration.Stop());

        Assert.Equal(0, ctx.CallbackCount);
    }

    [Fact]
    [GoTest(77)]
    public async Task A_callback_runs_after_the_cancel_and_not_before()
    {
        using var ctx = Context.Background.WithCancel();
        var ran = new TaskCompletionSource<Exception?>();
        var registration = ctx.AfterFunc(() => ran.SetResult(ctx.Err));
        Assert.False(ran.Task.IsCompleted);

        ctx.Cancel();

        Assert.Same(ctx.Err, await WaitFor.Result(ran.Task));
        Assert.False(registration.Stop());
    }

    [Fact]
    [GoTest(78)]
    public async Task A_callback_runs_after_a_timeout()
    {
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromSeconds(1));
        var ran = new TaskCompletionSource<Exception?>();
        var registration = ctx.AfterFunc(() => ran.SetResult(ctx.Err));

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.IsType<DeadlineExceededException>(await WaitFor.Result(ran.Task));
        Assert.False(registration.Stop());
    }

    [Fact]
    [GoTest(79)]
    public async Task A_callback_on_a_context_that_is_done_runs_at_once()
    {
        using var ctx = Context.Background.WithCancel();
        ctx.Cancel();
        var ran = new TaskCompletionSource();

        var registration = ctx.AfterFunc(ran.SetResult);

        await WaitFor.Completion(ran.Task);
        Assert.False(registration.Stop());
    }

    [Fact]
    [GoTest(80)]
    public async Task A_stopped_callback_never_runs_and_stops_only_once()
    {
        using var ctx = Context.Background.WithCancel();
        var runs = 0;
        var registration = ctx.AfterFunc(() => Interlocked.Increment(ref runs));

        Assert.True(registration.Stop());
        ctx.Cancel();

        Assert.False(registration.Stop());
        Assert.False(await registration.StopAndWaitAsync());
        Assert.Equal(0, Volatile.Read(ref runs));
    }

    [Fact]
    [GoTest(81)]
    [GoTrap(7)]
    public async Task Cancel_waits_for_no_callback_and_runs_none_itself()
    {
        using var ctx = Context.Background.WithCancel();
        using var gate = new ManualResetEventSlim();
        var canceler = Environment.CurrentManagedThreadId;
        var onCanceler = false;
        var func = Blocking(() => { });
        var onToken = new TaskCompletionSource();
        var registration = ctx.AfterFunc(func);
        ctx.Done.Register(Blocking(onToken.SetResult));

        ctx.Cancel();
        Assert.False(onToken.Task.IsCompleted);
        gate.Set();

        Assert.False(await registration.StopAndWaitAsync());
        await WaitFor.Completion(onToken.Task);
        Assert.False(onCanceler);

        Action Blocking(Action last) => () =>
        {
            // If the function ran on the canceling thread, the gate would stay shut for ever.
            if (Environment.CurrentManagedThreadId == canceler && !gate.IsSet)
            {
                onCanceler = true;
            }
            else
            {
                gate.Wait();
            }

            last();
        };
    }

    [Fact]
    public void On_a_context_that_never_ends_the_first_stop_succeeds()
    {
        var registration = Context.Background.AfterFunc(static () => { });

        Assert.True(registration.Stop());
        Assert.False(registration.Stop());
    }

    [Fact]
    [GoTrap(6)]
    public async Task Either_the_stop_succeeds_or_the_callback_runs()
    {
        var runs = new int[1000];
        var stops = new int[runs.Length];
        var contexts = Array.ConvertAll(runs, static _ => Context.Background.WithCancel());
        var registrations = contexts
            .Select((ctx, i) => ctx.AfterFunc(() => Interlocked.Increment(ref runs[i]))).ToArray();

        await WaitFor.Completion(Together.RunAsync(
            runs.Length,
            round => contexts[round].Cancel(),
            round => stops[round] = registrations[round].Stop() ? 1 : 0));
        foreach (var registration in registrations)
        {
            Assert.False(await WaitFor.Result(registration.StopAndWaitAsync().AsTask()));
        }

        Assert.All(runs.Zip(stops), static round => Assert.Equal(1, round.First + round.Second));
    }

    [Fact]
    public async Task An_exception_of_a_callback_is_an_unobserved_one()
    {
        using var unobserved = new UnobservedExceptions();
        var mine = new InvalidOperationException("thrown by a callback, on purpose");

        await Throw(mine);

        await unobserved.ReportedAsync(mine);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<bool> Throw(Exception e)
    {
        var ctx = Context.Background.WithCancel();
        var registration = ctx.AfterFunc(() => throw e);
        ctx.Cancel();
        return WaitFor.Result(registration.StopAndWaitAsync().AsTask());
    }
}
