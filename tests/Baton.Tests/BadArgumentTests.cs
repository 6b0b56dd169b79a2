using System.Threading.Channels;

namespace Baton.Tests;

public sealed class BadArgumentTests
{
    private static readonly ContextKey<string> s_key = new("key");

    [Fact]
    public void A_null_context_has_no_token()
    {
        Context ctx = null!;

        Assert.Throws<ArgumentNullException>("ctx", () => (CancellationToken)ctx);
    }

    [Theory]
    [MemberData(nameof(Contexts))]
    public void A_null_key_is_refused_whatever_the_context(Context ctx)
    {
        Assert.Throws<ArgumentNullException>("key", () => ctx.Value<string>(null!));
        Assert.Throws<ArgumentNullException>("key", () => ctx.TryGetValue<string>(null!, out _));
        Assert.Throws<ArgumentNullException>("key", () => ctx.WithValue(null!, "value"));
    }

    [Theory]
    [MemberData(nameof(Contexts))]
    public void A_null_delegate_task_or_clock_is_refused_whatever_the_context(Context ctx)
    {
        Assert.Throws<ArgumentNullException>("callback", () => ctx.AfterFunc((Action)null!));
        Assert.Throws<ArgumentNullException>("callback", () => ctx.AfterFunc((Func<Task>)null!));
        Assert.Throws<ArgumentNullException>("task", () => { _ = ctx.WaitAsync(null!); });
        Assert.Throws<ArgumentNullException>("task", () => { _ = ctx.WaitAsync((Task<int>)null!); });
        Assert.Throws<ArgumentNullException>("timeProvider", () => Context.Root(null!));
    }

    [Fact]
    public void A_null_cause_is_refused_and_cancels_nothing()
    {
        using var ctx = Context.Background.WithCancel();

        Assert.Throws<ArgumentNullException>("cause", () => ctx.Cancel(null!));

        Assert.False(ctx.IsDone);
    }

    [Fact]
    public void A_null_cause_is_refused_even_if_the_context_is_done()
    {
        using var ctx = Context.Background.WithCancel();
        ctx.Cancel();

        Assert.Throws<ArgumentNullException>("cause", () => ctx.Cancel(null!));
    }

    [Fact]
    public void A_null_cause_for_a_deadline_means_that_none_was_given()
    {
        using var timedOut = Context.Background.WithTimeout(TimeSpan.Zero, null);
        using var late = Context.Background.WithDeadline(DateTimeOffset.UnixEpoch, null);

        Assert.Same(timedOut.Err, timedOut.Cause);
        Assert.Same(late.Err, late.Cause);
    }

    [Fact]
    public void A_key_needs_a_name()
    {
        Assert.Throws<ArgumentNullException>("name", () => new ContextKey<int>(null!));
        Assert.Throws<ArgumentException>("name", () => new ContextKey<int>(""));
    }

    [Theory]
    [MemberData(nameof(Contexts))]
    public void A_negative_delay_is_refused_at_the_call_and_told_the_way_out(Context ctx)
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(
            "delay", () => { _ = ctx.Delay(TimeSpan.FromSeconds(-2)); });

        Assert.Contains("A delay is zero or more.", e.Message, StringComparison.Ordinal);
        Assert.Contains("-00:00:02", e.Message, StringComparison.Ordinal);
        Assert.Contains("Timeout.InfiniteTimeSpan", e.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(-2), e.ActualValue);
    }

    [Fact]
    public void The_longest_negative_delay_and_the_shortest_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => { _ = Context.Background.Delay(TimeSpan.MinValue); });
        Assert.Throws<ArgumentOutOfRangeException>(
            () => { _ = Context.Background.Delay(TimeSpan.FromTicks(-1)); });
    }

    [Fact]
    public void A_context_over_a_token_cannot_be_canceled_through_a_cast_and_says_what_can()
    {
        using var source = new CancellationTokenSource();
        var ctx = Assert.IsType<CancelableContext>(Context.FromToken(source.Token), exactMatch: false);

        var plain = Assert.Throws<InvalidOperationException>(ctx.Cancel);
        var withCause = Assert.Throws<InvalidOperationException>(() => ctx.Cancel(new TimeoutException()));
        ctx.Dispose();

        Assert.Contains("ends with its token", plain.Message, StringComparison.Ordinal);
        Assert.Contains("WithCancel()", plain.Message, StringComparison.Ordinal);
        Assert.Equal(plain.Message, withCause.Message);
        Assert.False(ctx.IsDone);
        Assert.False(source.IsCancellationRequested);
    }

    [Fact]
    public void Select_refuses_null_contexts_channels_and_tasks()
    {
        ChannelReader<int>? reader = null;
        ChannelWriter<int>? writer = null;

        Assert.Throws<ArgumentNullException>("ctx", () => Select.Done(null!));
        Assert.Throws<ArgumentNullException>("reader", () => Select.Receive(reader));
        Assert.Throws<ArgumentNullException>("reader", () => Select.Receive(reader, out _));
        Assert.Throws<ArgumentNullException>("writer", () => Select.Send(writer, 1));
        Assert.Throws<ArgumentNullException>("task", () => Select.Completed(null));
    }

    [Fact]
    public void A_case_that_was_refused_is_not_added()
    {
        var cases = Select.After(TimeSpan.Zero);

        Assert.Throws<ArgumentNullException>(() => cases.Done(null!));
        Assert.Throws<ArgumentNullException>(() => cases.Completed(null));
        Assert.Throws<ArgumentOutOfRangeException>(() => cases.After(TimeSpan.FromSeconds(-1)));
        cases.Default();

        var e = Assert.Throws<InvalidOperationException>(cases.Default);
        Assert.Contains("case 1", e.Message, StringComparison.Ordinal);
    }

    public static TheoryData<Context> Contexts()
    {
        var done = Context.Background.WithCancel();
        done.Dispose();
        return
        [
            Context.Background,
            Context.Todo,
            Context.Background.WithCancel(),
            Context.Background.WithTimeout(TimeSpan.FromDays(1)),
            Context.Background.WithCancel(new CancellationTokenSource().Token),
            Context.Background.WithValue(s_key, "value"),
            Context.Background.WithoutCancel(),
            Context.Root(new FakeTimeProvider()),
            Context.FromToken(new CancellationTokenSource().Token),
            done,
        ];
    }
}
