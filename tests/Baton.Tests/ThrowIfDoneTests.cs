using System.Runtime.CompilerServices;

namespace Baton.Tests;

public sealed class ThrowIfDoneTests
{
    private static readonly ContextKey<int> s_key = new("n");

    [Fact]
    public void A_live_context_throws_nothing()
    {
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromDays(1));

        ctx.ThrowIfDone();
        ctx.WithValue(s_key, 1).ThrowIfDone();
        Context.Background.ThrowIfDone();
        Context.Todo.ThrowIfDone();
    }

    [Fact]
    public void A_canceled_context_throws_with_its_token_and_no_inner_exception()
    {
        using var ctx = Context.Background.WithCancel();
        ctx.Cancel();

        var e = Assert.Throws<ContextCanceledException>(ctx.ThrowIfDone);

        Assert.Equal("context canceled", e.Message);
        Assert.Equal(ctx.Done, e.CancellationToken);
        Assert.Null(e.InnerException);
    }

    [Fact]
    public void The_cause_is_inside()
    {
        var cause = new InvalidOperationException("the reason");
        using var ctx = Context.Background.WithCancel();
        ctx.Cancel(cause);

        Assert.Same(cause, Assert.Throws<ContextCanceledException>(ctx.ThrowIfDone).InnerException);
        Assert.Same(cause, ctx.Err!.InnerException);
    }

    [Fact]
    public void A_passed_deadline_throws_with_its_token_deadline_and_cause()
    {
        var clock = new FakeTimeProvider();
        var cause = new InvalidOperationException("too slow");
        using var ctx = Context.Root(clock).WithTimeout(
            TimeSpan.FromSeconds(1), cause);
        clock.Advance(TimeSpan.FromSeconds(1));

        var e = Assert.Throws<DeadlineExceededException>(ctx.ThrowIfDone);

        Assert.Equal("context deadline exceeded", e.Message);
        Assert.Equal(ctx.Done, e.CancellationToken);
        Assert.Equal(ctx.Deadline, e.Deadline);
        Assert.Same(cause, e.InnerException);
    }

    [Fact]
    public void A_deadline_without_a_cause_has_no_inner_exception()
    {
        using var ctx = Context.Background.WithTimeout(TimeSpan.Zero);

        Assert.Null(Assert.Throws<DeadlineExceededException>(ctx.ThrowIfDone).InnerException);
    }

    [Fact]
    public void Each_thrower_gets_an_exception_of_its_own()
    {
        using var ctx = Context.Background.WithCancel();
        ctx.Cancel();

        var first = Assert.Throws<ContextCanceledException>(ctx.ThrowIfDone);
        var second = Assert.Throws<ContextCanceledException>(ctx.ThrowIfDone);

        Assert.NotSame(first, second);
        Assert.NotSame(ctx.Err, first);
        Assert.Null(ctx.Err!.StackTrace);
    }

    [Fact]
    public void The_stack_trace_shows_who_asked()
    {
        using var ctx = Context.Background.WithCancel();
        ctx.Cancel();

        var first = Assert.Throws<ContextCanceledException>(() => FirstCaller(ctx));
        var second = Assert.Throws<ContextCanceledException>(() => SecondCaller(ctx));

        Assert.Contains(nameof(FirstCaller), first.StackTrace, StringComparison.Ordinal);
        Assert.Contains(nameof(SecondCaller), second.StackTrace, StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(FirstCaller), second.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public void A_child_throws_with_its_own_token()
    {
        var cause = new InvalidOperationException("the reason");
        using var parent = Context.Background.WithCancel();
        using var child = parent.WithTimeout(TimeSpan.FromDays(1));
        parent.Cancel(cause);

        var e = Assert.Throws<ContextCanceledException>(child.ThrowIfDone);

        Assert.Equal(child.Done, e.CancellationToken);
        Assert.NotEqual(parent.Done, e.CancellationToken);
        Assert.Same(cause, e.InnerException);
    }

    [Fact]
    public void A_value_context_throws_with_the_token_it_shares()
    {
        using var ctx = Context.Background.WithCancel();
        var value = ctx.WithValue(s_key, 1);
        ctx.Cancel();

        Assert.Equal(ctx.Done, Assert.Throws<ContextCanceledException>(value.ThrowIfDone).CancellationToken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_catch_takes_both_kinds(bool expired)
    {
        using var ctx = expired
            ? Context.Background.WithTimeout(TimeSpan.Zero)
            : Context.Background.WithCancel();
        ctx.Cancel();
        OperationCanceledException? caught = null;

        try
        {
            ctx.ThrowIfDone();
        }
        catch (OperationCanceledException e) when (e.CancellationToken == ctx.Done)
        {
            caught = e;
        }

        Assert.NotNull(caught);
        Assert.Equal(expired, caught is DeadlineExceededException);
        Assert.Equal(ctx.Err!.GetType(), caught.GetType());
    }

    [Fact]
    public async Task An_async_method_that_throws_it_is_canceled_and_not_faulted()
    {
        using var ctx = Context.Background.WithTimeout(TimeSpan.Zero);

        var task = Work(ctx);
        await Assert.ThrowsAsync<DeadlineExceededException>(() => task);

        Assert.True(task.IsCanceled);

        static async Task Work(Context ctx)
        {
            await Task.Yield();
            ctx.ThrowIfDone();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FirstCaller(Context ctx) => ctx.ThrowIfDone();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SecondCaller(Context ctx) => ctx.ThrowIfDone();
}
