namespace Baton.Testing.Tests;

/// <summary>What can be required of a context, and what a failure says.</summary>
public sealed class ContextAssertTests : IDisposable
{
    private readonly ContextTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void A_live_context_is_live_and_not_done()
    {
        using var child = _test.Context.WithTimeout(TimeSpan.FromSeconds(3));

        ContextAssert.Live(child);
        var e = Assert.Throws<ContextAssertionException>(() => ContextAssert.Done(child));

        Assert.Equal($"Expected a context that is done, but {child} is live, and 00:00:03 of its time remains.", e.Message);
    }

    [Fact]
    public void An_ended_context_is_done_and_not_live()
    {
        _test.Context.Cancel(new InvalidOperationException("the stock is closed"));

        ContextAssert.Done(_test.Context);
        var e = Assert.Throws<ContextAssertionException>(() => ContextAssert.Live(_test.Context));

        Assert.EndsWith(
            "has ended: context canceled, by InvalidOperationException: the stock is closed", e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_cause_is_given_where_it_is_of_the_type()
    {
        var cause = new InvalidOperationException("the stock is closed");
        _test.Context.Cancel(cause);

        Assert.Same(cause, ContextAssert.EndedBy<InvalidOperationException>(_test.Context));
        Assert.Same(cause, ContextAssert.EndedBy<Exception>(_test.Context));
        var e = Assert.Throws<ContextAssertionException>(() => ContextAssert.EndedBy<TimeoutException>(_test.Context));
        Assert.Same(cause, e.InnerException);
    }

    [Fact]
    public void A_live_context_was_ended_by_nothing()
    {
        var e = Assert.Throws<ContextAssertionException>(() => ContextAssert.EndedBy<TimeoutException>(_test.Context));

        Assert.Equal(
            $"Expected a context that was ended by TimeoutException, but {_test.Context} is live, and has no deadline.",
            e.Message);
    }

    [Fact]
    public async Task A_context_that_ends_later_is_waited_for()
    {
        var waiting = ContextAssert.EndsWithinAsync(_test.Context, Timeout.InfiniteTimeSpan);
        Assert.False(waiting.IsCompleted);

        _test.Context.Cancel();

        await WaitFor.Completion(waiting);
        await ContextAssert.EndsWithinAsync(_test.Context, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_context_that_does_not_end_in_time_fails()
    {
        var e = await Assert.ThrowsAsync<ContextAssertionException>(
            () => ContextAssert.EndsWithinAsync(_test.Context, TimeSpan.Zero));

        Assert.StartsWith("Expected a context that ends within 00:00:00, but", e.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => ContextAssert.EndsWithinAsync(_test.Context, TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public void A_context_descends_from_itself_and_from_what_it_was_derived_from()
    {
        using var child = _test.Context.WithValue(new ContextKey<int>("n"), 1).WithCancel();

        ContextAssert.DescendsFrom(child, _test.Context);
        ContextAssert.DescendsFrom(child, child);
        Assert.Throws<ContextAssertionException>(() => ContextAssert.DescendsFrom(_test.Context, child));
        Assert.Throws<ContextAssertionException>(() => ContextAssert.DescendsFrom(Context.Background, child));
    }

    [Fact]
    public void What_WithoutCancel_gives_does_not_descend()
    {
        using var later = _test.Context.WithoutCancel().WithCancel();

        var e = Assert.Throws<ContextAssertionException>(() => ContextAssert.DescendsFrom(later, _test.Context));

        Assert.EndsWith("which does not end with it.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => ContextAssert.Live(null!));
        Assert.Throws<ArgumentNullException>(() => ContextAssert.Done(null!));
        Assert.Throws<ArgumentNullException>(() => ContextAssert.EndedBy<Exception>(null!));
        Assert.Throws<ArgumentNullException>(() => ContextAssert.DescendsFrom(null!, _test.Context));
        Assert.Throws<ArgumentNullException>(() => ContextAssert.DescendsFrom(_test.Context, null!));
        Assert.Throws<ArgumentNullException>(() => new ContextTest(null!));
        Assert.Throws<ArgumentNullException>(() => { _ = new SyncPoint().ArriveAsync(null!); });
    }
}
