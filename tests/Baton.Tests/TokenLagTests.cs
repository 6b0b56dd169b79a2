namespace Baton.Tests;

/// <summary>
/// A reader that sees a foreign token canceled sees every context below it done, at that moment and not only
/// when the token has told the contexts.
/// </summary>
public sealed class TokenLagTests : IDisposable
{
    private static readonly ContextKey<string> s_key = new("tenant");
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource _source = new();

    public static TheoryData<string, Func<CancellationToken, Context>> Kinds => new()
    {
        { "over the token", Context.FromToken },
        { "cancel", static token => Context.FromToken(token).WithCancel() },
        { "timeout", static token => Context.FromToken(token).WithTimeout(s_hour) },
        { "deadline", static token => Context.FromToken(token).WithDeadline(DateTimeOffset.MaxValue) },
        { "value", static token => Context.FromToken(token).WithCancel().WithValue(s_key, "acme") },
        { "signals", static token => Context.FromToken(token).WithSignals() },
        { "group", static token => Context.FromToken(token).Group().Context },
        { "far below", static token => Chain(Context.FromToken(token).WithTimeout(s_hour)) },
        { "merged", static token => Context.Background.WithCancel(token) },
        { "below merged", static token => Chain(Context.Background.WithTimeout(s_hour).WithCancel(token)) },
        {
            "merged with one below",
            static token => Context.Background.WithCancel(Context.FromToken(token).WithTimeout(s_hour))
        },
        {
            "merged with one that is merged",
            static token => Chain(
                Context.Background.WithCancel(
                    Context.Background.WithCancel().WithCancel(Context.Background.WithCancel(token))))
        },
        {
            "merged with another token",
            static token => Context.FromToken(token).WithCancel(new CancellationTokenSource().Token)
        },
        { "on another clock", static token => Context.Root(new FakeTimeProvider()).WithCancel(token) },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void All_views_are_done_in_a_callback_that_the_token_runs_first(
        string kind, Func<CancellationToken, Context> derive)
    {
        Assert.NotNull(kind);
        var ctx = derive(_source.Token);
        using var hangs = ctx.AfterFunc(() => { });

        // A token runs its newest callback first, so this one runs before any of Baton's.
        var seen = InTheTokensFirstCallback(() => (
            ctx.IsDone, ctx.Err?.GetType(), ctx.Cause?.GetType(), ctx.Done.IsCancellationRequested,
            Record.Exception(ctx.ThrowIfDone)?.GetType()));

        var canceled = typeof(ContextCanceledException);
        Assert.Equal((true, canceled, canceled, true, canceled), seen);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_cancellation_that_comes_after_the_tokens_changes_nothing(
        string kind, Func<CancellationToken, Context> derive)
    {
        Assert.NotNull(kind);
        var ctx = derive(_source.Token);
        using var child = ctx.WithCancel();
        using var hangs = child.AfterFunc(() => { });

        InTheTokensFirstCallback(() =>
        {
            child.Cancel(new TimeoutException());
            return 0;
        });

        Assert.IsType<ContextCanceledException>(child.Cause);
        Assert.Same(ctx.Cause, child.Cause);
    }

    [Fact]
    public void A_deadline_that_passes_after_the_tokens_end_changes_nothing()
    {
        var clock = new FakeTimeProvider();
        using var ctx = Context.Root(clock).WithCancel(_source.Token).WithTimeout(s_hour);

        InTheTokensFirstCallback(() =>
        {
            clock.Advance(s_hour);
            return 0;
        });

        Assert.IsType<ContextCanceledException>(ctx.Err);
    }

    [Fact]
    public async Task A_deadline_that_is_queued_as_the_token_is_canceled_leaves_the_queue_again()
    {
        // The newest callback, which runs first and keeps the token from telling Baton.
        using var derived = new ManualResetEventSlim();
        var clock = new StampedClock();
        var parent = Context.Root(clock).WithCancel(_source.Token);
        using var keeps = _source.Token.Register(derived.Wait);
        var canceled = Task.CompletedTask;
        clock.OnStamp = () => canceled = _source.CancelAsync();
        try
        {
            // On another thread: a queue that asks upstream under its lock never returns.
            var child = await WaitFor.Result(
                Task.Run(() => parent.WithTimeout(s_hour), TestContext.Current.CancellationToken));

            Assert.True(_source.IsCancellationRequested);
            Assert.True(child.IsDone);
            Assert.Equal(0, DeadlineQueue.For(clock).Count);
        }
        finally
        {
            derived.Set();
        }

        await WaitFor.Completion(canceled);
    }

    [Fact]
    public void A_child_that_is_derived_after_the_tokens_end_is_done_on_return()
    {
        var ctx = Context.Background.WithCancel(_source.Token);

        var isDone = InTheTokensFirstCallback(() =>
        {
            using var child = ctx.WithTimeout(TimeSpan.Zero);
            return child.IsDone && child.Err is ContextCanceledException;
        });

        Assert.True(isDone);
    }

    [Fact]
    public void Waits_that_begin_after_the_tokens_end_are_over_at_once()
    {
        var ctx = Context.Background.WithCancel(_source.Token);

        var (delay, wait, select) = InTheTokensFirstCallback(() => (
            ctx.Delay(s_hour).IsCanceled,
            ctx.WaitAsync(new TaskCompletionSource().Task).IsCanceled,
            Select.Done(ctx).AsTask().IsCompletedSuccessfully));

        Assert.True(delay);
        Assert.True(wait);
        Assert.True(select);
    }

    [Fact]
    public async Task The_handler_of_a_timer_that_the_token_stopped_sees_its_context_done()
    {
        for (var round = 0; round < 50; round++)
        {
            using var source = new CancellationTokenSource();
            using var ctx = Context.FromToken(source.Token).WithTimeout(s_hour);
            using var timer = new PeriodicTimer(s_hour);
            var handler = Task.Run(
                async () =>
                {
                    try
                    {
                        await timer.WaitForNextTickAsync(source.Token);
                        return false;
                    }
                    catch (OperationCanceledException)
                    {
                        return ctx.IsDone;
                    }
                },
                TestContext.Current.CancellationToken);

            await source.CancelAsync();

            await WaitFor.Completion(handler);
            Assert.True(await handler);
        }
    }

    [Fact]
    public void A_merge_of_a_thousand_contexts_asks_them_all_without_recursion()
    {
        var ctx = (Context)Context.Background.WithCancel(_source.Token);
        for (var i = 0; i < 1_000; i++)
        {
            ctx = Context.Background.WithCancel(ctx);
        }

        Assert.True(InTheTokensFirstCallback(() => ctx.IsDone));
    }

    [Fact]
    public void Merges_that_share_what_they_are_merged_from_are_asked_once_each()
    {
        var ctx = Context.Background.WithCancel(_source.Token);
        for (var i = 0; i < 64; i++)
        {
            // Two ways lead up from each context: asked way by way, there would be 2 to the power of 64
            // questions.
            ctx = ctx.WithCancel().WithCancel(ctx.WithCancel());
        }

        Assert.False(ctx.IsDone);
        Assert.True(InTheTokensFirstCallback(() => ctx.IsDone));
    }

    public void Dispose() => _source.Dispose();

    private static Context Chain(Context ctx)
    {
        for (var i = 0; i < 100; i++)
        {
            ctx = i % 2 == 0 ? ctx.WithCancel() : ctx.WithTimeout(s_hour);
        }

        return ctx;
    }

    private T InTheTokensFirstCallback<T>(Func<T> look)
    {
        T? seen = default;
        using (_source.Token.Register(() => seen = look()))
        {
            _source.Cancel();
        }

        return seen!;
    }

    /// <summary>Runs a delegate, once, as its timestamp is asked for.</summary>
    private sealed class StampedClock : FakeTimeProvider
    {
        internal Action? OnStamp { get; set; }

        public override long GetTimestamp()
        {
            var run = OnStamp;
            OnStamp = null;
            run?.Invoke();
            return base.GetTimestamp();
        }
    }
}
