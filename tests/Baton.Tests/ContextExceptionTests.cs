namespace Baton.Tests;

/// <summary>What integrations and fakes need from the exceptions.</summary>
public sealed class ContextExceptionTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Both_kinds_are_caught_as_one()
    {
        using var canceled = Context.Background.WithCancel();
        using var expired = Context.Background.WithTimeout(TimeSpan.Zero);
        canceled.Cancel();

        Assert.IsAssignableFrom<ContextException>(Assert.ThrowsAny<ContextException>(canceled.ThrowIfDone));
        Assert.ThrowsAny<ContextException>(expired.ThrowIfDone);
        Assert.IsAssignableFrom<OperationCanceledException>(expired.Err);
    }

    [Fact]
    public void A_new_exception_is_what_ThrowIfDone_throws_and_keeps_what_the_transport_threw()
    {
        var cause = new InvalidOperationException("planned");
        var thrown = new HttpRequestException("reset");
        using var ctx = Context.Background.WithCancel();
        ctx.Cancel(cause);

        var e = ctx.NewException(thrown);

        Assert.IsType<ContextCanceledException>(e);
        Assert.Same(thrown, e.TransportException);
        Assert.Same(cause, e.InnerException);
        Assert.Equal(ctx.Done, e.CancellationToken);
        Assert.NotSame(e, ctx.NewException());
        Assert.Null(ctx.NewException().TransportException);
        Assert.Null(ctx.Err!.TransportException);
    }

    [Fact]
    public void A_new_exception_has_the_token_that_the_call_was_given()
    {
        using var source = new CancellationTokenSource();
        using var ctx = Context.Background.WithTimeout(TimeSpan.Zero);

        var e = ctx.NewException(token: source.Token);

        Assert.Equal(source.Token, e.CancellationToken);
        Assert.Equal(CancellationToken.None, ctx.NewException(token: CancellationToken.None).CancellationToken);
    }

    [Fact]
    public void A_live_context_has_no_exception_to_make()
    {
        using var ctx = Context.Background.WithCancel();

        Assert.Throws<InvalidOperationException>(() => ctx.NewException());
        Assert.Throws<InvalidOperationException>(() => Context.Background.NewException());
    }

    [Fact]
    public void A_call_that_needs_more_than_remains_is_refused_and_the_context_stays_live()
    {
        using var ctx = Context.Root(_clock).WithTimeout(s_second);
        _clock.Advance(s_second / 2);

        ctx.ThrowIfRemainingLessThan(s_second / 2);
        var e = Assert.Throws<DeadlineExceededException>(
            () => ctx.ThrowIfRemainingLessThan((s_second / 2) + TimeSpan.FromTicks(1)));

        var inner = Assert.IsType<InsufficientTimeException>(e.InnerException);
        Assert.Equal(s_second / 2, inner.Remaining);
        Assert.Equal((s_second / 2) + TimeSpan.FromTicks(1), inner.Needed);
        Assert.Equal(ctx.Deadline, e.Deadline);
        Assert.Equal(s_second, e.Timeout);
        Assert.Equal(TimeSpan.Zero, e.Lateness);
        Assert.Equal(ctx.Done, e.CancellationToken);
        Assert.Equal(ctx.ToString(), e.Origin);
        Assert.False(ctx.IsDone);
    }

    [Fact]
    public void A_context_without_a_deadline_has_all_the_time_there_is()
    {
        using var ctx = Context.Background.WithCancel();

        ctx.ThrowIfRemainingLessThan(TimeSpan.MaxValue);
        Context.Background.ThrowIfRemainingLessThan(TimeSpan.MaxValue);
    }

    [Fact]
    public void A_context_that_is_done_throws_its_own_exception_whatever_is_needed()
    {
        using var ctx = Context.Root(_clock).WithTimeout(s_second);
        ctx.Cancel();

        Assert.Throws<ContextCanceledException>(() => ctx.ThrowIfRemainingLessThan(TimeSpan.Zero));
        Assert.Throws<ContextCanceledException>(() => ctx.ThrowIfRemainingLessThan(2 * s_second));
    }

    [Fact]
    public void A_negative_need_is_refused_at_the_call()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            "needed", () => Context.Background.ThrowIfRemainingLessThan(TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(
            "needed", () => Context.Background.ThrowIfRemainingLessThan(Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void Its_text_holds_the_deadline_and_what_the_transport_threw()
    {
        using var ctx = Context.Root(_clock).WithValue(new ContextKey<string>("tenant"), "secret")
            .WithTimeout(s_second);
        _clock.Advance(2 * s_second);

        var text = ctx.NewException(new HttpRequestException("connection reset")).ToString();

        Assert.Contains("context deadline exceeded", text, StringComparison.Ordinal);
        Assert.Contains("The deadline was 2000-01-01 00:00:01 +00:00, a timeout of 00:00:01", text, StringComparison.Ordinal);
        Assert.Contains("It was set by Root(FakeTimeProvider).WithValue(tenant)", text, StringComparison.Ordinal);
        Assert.Contains("connection reset", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fake_can_throw_either()
    {
        var cause = new TimeoutException();
        var thrown = new HttpRequestException("reset");
        using var source = new CancellationTokenSource();
        var deadline = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        var canceled = new ContextCanceledException(cause, thrown, source.Token);
        var exceeded = new DeadlineExceededException(deadline, s_second, cause, thrown, source.Token);

        Assert.Equal("context canceled", canceled.Message);
        Assert.Equal("context deadline exceeded", exceeded.Message);
        Assert.Equal((cause, source.Token), (canceled.InnerException, canceled.CancellationToken));
        Assert.Equal((deadline, s_second, ""), (exceeded.Deadline, exceeded.Timeout, exceeded.Origin));
        Assert.Same(thrown, canceled.TransportException);
        Assert.Same(thrown, exceeded.TransportException);
        Assert.Null(new ContextCanceledException().InnerException);
        Assert.Equal(default, new DeadlineExceededException().Deadline);
    }
}
