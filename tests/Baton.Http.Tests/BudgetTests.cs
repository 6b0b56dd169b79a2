using Microsoft.Extensions.Time.Testing;

namespace Baton.Http.Tests;

/// <summary>A call for which too little time is left is not made.</summary>
public sealed class BudgetTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Recorder _network = new();

    [Fact]
    public async Task A_call_past_the_deadline_is_not_made_and_counted()
    {
        using var ctx = Timed(1000);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(
            "deadline_exceeded", await RefusedAsync<DeadlineExceededException>(ctx, "past.internal"));
    }

    [Fact]
    public async Task A_call_of_a_canceled_context_is_not_made_and_counted()
    {
        using var ctx = Timed(1000);
        ctx.Cancel();

        Assert.Equal("canceled", await RefusedAsync<ContextCanceledException>(ctx, "canceled.internal"));
    }

    [Theory]
    [InlineData(100, 0, 100)]
    [InlineData(150, 0, 100)]
    [InlineData(0, 101, 100)]
    [InlineData(50, 51, 100)]
    public async Task A_call_with_less_than_MinRemaining_left_after_the_reserve_is_not_made_and_counted(
        int reserve, int minRemaining, int left)
    {
        using var ctx = Timed(left);
        var options = new BatonHttpOptions
        {
            Reserve = TimeSpan.FromMilliseconds(reserve),
            MinRemaining = TimeSpan.FromMilliseconds(minRemaining),
        };

        Assert.Equal("insufficient_time", await RefusedAsync<DeadlineExceededException>(
            ctx, $"{reserve}-{minRemaining}.internal", options));
        Assert.False(ctx.IsDone);
    }

    [Theory]
    [InlineData(0, 100, 100)]
    [InlineData(50, 50, 100)]
    [InlineData(99, 0, 100)]
    public async Task A_call_with_just_enough_is_made(int reserve, int minRemaining, int left)
    {
        using var ctx = Timed(left);
        using var client = new HttpClient(new BatonHandler(_network, new BatonHttpOptions
        {
            Reserve = TimeSpan.FromMilliseconds(reserve),
            MinRemaining = TimeSpan.FromMilliseconds(minRemaining),
        }));

        using var response = await client.GetAsync(ctx, "http://orders.internal/");

        Assert.Single(_network.Timeouts);
    }

    [Fact]
    public async Task The_cause_of_a_call_that_was_not_made_says_what_remained_and_what_it_needed()
    {
        using var ctx = Timed(100);
        using var client = new HttpClient(
            new BatonHandler(_network, new BatonHttpOptions { MinRemaining = TimeSpan.FromMilliseconds(150) }));

        var error = await Assert.ThrowsAsync<DeadlineExceededException>(() =>
            client.GetAsync(ctx, "http://orders.internal/"));

        var cause = Assert.IsType<InsufficientTimeException>(error.InnerException);
        Assert.Equal(TimeSpan.FromMilliseconds(100), cause.Remaining);
        Assert.Equal(TimeSpan.FromMilliseconds(150), cause.Needed);
    }

    private async Task<string> RefusedAsync<TException>(
        Context ctx, string host, BatonHttpOptions? options = null)
        where TException : OperationCanceledException
    {
        using var refusals = Refusals.Of(host);
        using var client = new HttpClient(new BatonHandler(_network, options));

        await Assert.ThrowsAsync<TException>(() => client.GetAsync(ctx, $"http://{host}/"));

        Assert.Empty(_network.Addresses);
        return Assert.Single(refusals.Counted);
    }

    private CancelableContext Timed(int milliseconds) =>
        Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(milliseconds));
}
