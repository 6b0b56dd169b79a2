using System.Runtime.CompilerServices;

namespace Baton.Tests;

/// <summary>An exception of a callback goes the way of one from a task that nobody awaited.</summary>
public sealed class UnobservedExceptionTests : IDisposable
{
    private const string CauseOfRun = "the cause of a context that one of these tests ended";

    private readonly UnobservedExceptions _unobserved = new();

    public void Dispose() => _unobserved.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_an_AfterFunc(bool afterTheEnd)
    {
        var mine = new InvalidOperationException("thrown by a callback, on purpose");

        await Start(afterTheEnd, (ctx, callback) => ctx.AfterFunc(callback), mine);

        await _unobserved.ReportedAsync(mine);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_a_callback_that_returns_a_task(bool afterAnAwait)
    {
        var mine = new InvalidOperationException("thrown by a callback, on purpose");

        await Run(async () =>
        {
            if (afterAnAwait)
            {
                await Task.Yield();
            }

            throw mine;
        });

        await _unobserved.ReportedAsync(mine);
    }

    [Fact]
    public async Task Of_a_callback_that_has_no_await_to_throw_from()
    {
        var mine = new InvalidOperationException("thrown by a callback, on purpose");

        await Run(() => throw mine);

        await _unobserved.ReportedAsync(mine);
    }

    [Fact]
    public async Task All_of_a_callback_whose_task_failed_with_several()
    {
        var first = new InvalidOperationException("thrown by a callback, on purpose");
        var second = new NotSupportedException("thrown by a callback, on purpose");

        await Run(() => Task.WhenAll(Task.FromException(first), Task.FromException(second)));

        await _unobserved.ReportedAsync(first, second);
    }

    [Fact]
    public async Task Of_a_callback_that_was_cut_short_by_the_context_that_it_cleans_up_after()
    {
        await Run(static async ctx =>
        {
            await Task.Yield();
            ctx.ThrowIfDone();
        });

        await WaitFor.True(() => _unobserved.IsReported(static e =>
            e is ContextCanceledException { InnerException.Message: CauseOfRun }));
    }

    [Fact]
    public async Task Of_a_callback_that_returns_null_for_a_task()
    {
        await Run(static _ => null!);

        await WaitFor.True(() => _unobserved.IsReported(static e =>
            e is InvalidOperationException && e.Message.Contains("returned null", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Of_a_token_callback()
    {
        var mine = new InvalidOperationException("thrown by a callback, on purpose");

        await Start(false, (ctx, callback) => ctx.Done.Register(callback), mine);

        await _unobserved.ReportedAsync(mine);
    }

    [Fact]
    public async Task Of_several_callbacks_on_one_token()
    {
        var first = new InvalidOperationException("thrown by a callback, on purpose");
        var second = new NotSupportedException("thrown by a callback, on purpose");

        await Start(false, (ctx, callback) => ctx.Done.Register(callback), first, second);

        await _unobserved.ReportedAsync(first, second);
    }

    [Fact]
    public async Task Of_a_callback_that_a_deadline_started()
    {
        var clock = new FakeTimeProvider();
        var viaToken = new InvalidOperationException("thrown by a callback, on purpose");
        var viaFunc = new InvalidOperationException("thrown by a callback, on purpose");

        await Expire(clock, viaToken, viaFunc);

        await _unobserved.ReportedAsync(viaToken, viaFunc);
    }

    [Fact]
    public void A_token_callback_registered_after_the_end_throws_at_its_registration()
    {
        var mine = new InvalidOperationException("thrown by a callback, on purpose");
        using var ctx = Context.Background.WithCancel();
        ctx.Cancel();

        Assert.Same(
            mine, Assert.Throws<InvalidOperationException>(() => ctx.Done.Register(() => throw mine)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task Start(
        bool afterTheEnd, Action<Context, Action> register, params Exception[] thrown)
    {
        using var ctx = Context.Background.WithCancel();
        if (afterTheEnd)
        {
            ctx.Cancel();
        }

        var started = thrown.Select(_ => new Signal()).ToArray();
        for (var i = 0; i < thrown.Length; i++)
        {
            var (e, signal) = (thrown[i], started[i]);
            register(ctx, () =>
            {
                signal.SetResult();
                throw e;
            });
        }

        ctx.Cancel();
        await WaitFor.Completion(Task.WhenAll(started.Select(s => s.Task)));
    }

    private static Task Run(Func<Task> callback) => Run(_ => callback());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task Run(Func<Context, Task> callback)
    {
        using var ctx = Context.Background.WithCancel();
        var registration = ctx.AfterFunc(() => callback(ctx));
        ctx.Cancel(new TimeoutException(CauseOfRun));
        Assert.False(await WaitFor.Result(registration.StopAndWaitAsync().AsTask()));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task Expire(FakeTimeProvider clock, Exception viaToken, Exception viaFunc)
    {
        using var ctx = Context.Root(clock).WithTimeout(TimeSpan.FromSeconds(1));
        using var sibling = Context.Root(clock).WithTimeout(TimeSpan.FromSeconds(1));
        ctx.Done.Register(() => throw viaToken);
        ctx.AfterFunc(() => throw viaFunc);

        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(sibling.IsDone);
        await Task.Yield();
    }
}
