using System.Runtime.CompilerServices;

namespace Baton.Tests;

/// <summary>
/// An exception of a callback is reported like that of a task that no code awaits: as an unobserved one.
/// </summary>
public sealed class UnobservedExceptionTests : IDisposable
{
    private const string CauseOfRun = "the cause of a context that one of these tests ended";

    private readonly UnobservedExceptions _unobserved = new();

    public void Dispose() => _unobserved.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_exception_of_an_AfterFunc_is_reported(bool afterTheEnd)
    {
        var mine = new InvalidOperationException("thrown by a callback, on purpose");

        await Start(afterTheEnd, (ctx, callback) => ctx.AfterFunc(callback), mine);

        await _unobserved.ReportedAsync(mine);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_exception_of_a_callback_that_returns_a_task_is_reported(bool afterAnAwait)
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
    public async Task The_exception_of_a_callback_that_throws_without_returning_a_task_is_reported()
    {
        var mine = new InvalidOperationException("thrown by a callback, on purpose");

        await Run(() => throw mine);

        await _unobserved.ReportedAsync(mine);
    }

    [Fact]
    public async Task All_exceptions_of_a_task_that_failed_with_several_are_reported()
    {
        var first = new InvalidOperationException("thrown by a callback, on purpose");
        var second = new NotSupportedException("thrown by a callback, on purpose");

        await Run(() => Task.WhenAll(Task.FromException(first), Task.FromException(second)));

        await _unobserved.ReportedAsync(first, second);
    }

    [Fact]
    public async Task The_cancellation_of_a_callback_by_its_own_context_is_reported()
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
    public async Task A_null_in_place_of_a_task_is_reported()
    {
        await Run(static _ => null!);

        await WaitFor.True(() => _unobserved.IsReported(static e =>
            e is InvalidOperationException && e.Message.Contains("returned null", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_exception_of_a_token_callback_is_reported()
    {
        var mine = new InvalidOperationException("thrown by a callback, on purpose");

        await Start(false, (ctx, callback) => ctx.Done.Register(callback), mine);

        await _unobserved.ReportedAsync(mine);
    }

    [Fact]
    public async Task The_exceptions_of_several_callbacks_on_one_token_are_reported()
    {
        var first = new InvalidOperationException("thrown by a callback, on purpose");
        var second = new NotSupportedException("thrown by a callback, on purpose");

        await Start(false, (ctx, callback) => ctx.Done.Register(callback), first, second);

        await _unobserved.ReportedAsync(first, second);
    }

    [Fact]
    public async Task The_exception_of_a_callback_that_a_deadline_started_is_reported()
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
