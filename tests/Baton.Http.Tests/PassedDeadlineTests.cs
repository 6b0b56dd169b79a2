using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Http.Tests;

/// <summary>A service that is the first to see the caller's deadline pass, and says so.</summary>
public sealed class PassedDeadlineTests
{
    private static readonly Uri s_address = new("http://orders/7");

    [Fact]
    public async Task What_reads_a_body_throws_the_exception_of_a_passed_deadline()
    {
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));
        using var client = Client(isOurs: true);

        foreach (var read in new Func<Task>[]
        {
            () => client.GetStringAsync(ctx, s_address),
            () => client.GetByteArrayAsync(ctx, s_address),
            () => client.GetStreamAsync(ctx, s_address),
            () => client.GetFromJsonAsync<int>(ctx, s_address),
        })
        {
            var failure = await Assert.ThrowsAsync<DeadlineExceededException>(read);
            Assert.Equal(HttpStatusCode.GatewayTimeout,
                Assert.IsType<HttpRequestException>(failure.TransportException).StatusCode);
        }
    }

    /// <summary>On a clock that a test moves, the rest of the time would never pass.</summary>
    [Theory]
    [InlineData(9)]
    [InlineData(500)]
    public async Task It_does_not_wait_for_the_time_that_is_left_here(int milliseconds)
    {
        using var ctx = Context.Root(new FakeTimeProvider()).WithTimeout(TimeSpan.FromMilliseconds(milliseconds));
        using var client = Client(isOurs: true);

        var failure = await Assert.ThrowsAsync<DeadlineExceededException>(() =>
            WaitFor.Result(client.GetStringAsync(ctx, s_address)));

        Assert.Equal((ctx.Deadline, ctx.Done), (failure.Deadline, failure.CancellationToken));
        Assert.IsType<HttpRequestException>(failure.TransportException);
    }

    [Fact]
    public async Task If_the_deadline_has_passed_here_too_the_exception_is_the_contexts_own()
    {
        var clock = new FakeTimeProvider();
        using var ctx = Context.Root(clock).WithTimeout(TimeSpan.FromSeconds(1), new TimeoutException("budget"));
        using var client = Client(isOurs: true, () => clock.Advance(TimeSpan.FromSeconds(1)));

        var failure = await Assert.ThrowsAsync<DeadlineExceededException>(() =>
            WaitFor.Result(client.GetStringAsync(ctx, s_address)));

        Assert.Equal("budget", failure.InnerException?.Message);
    }

    [Fact]
    public async Task A_deadline_of_the_services_own_stays_its_failure()
    {
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));
        using var client = Client(isOurs: false);

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() =>
            client.GetStringAsync(ctx, s_address));

        Assert.Equal(HttpStatusCode.GatewayTimeout, failure.StatusCode);
    }

    private static HttpClient Client(bool isOurs, Action? before = null) =>
        new(new BatonHandler(new TooLate(isOurs, before)));

    private sealed class TooLate(bool isOurs, Action? before) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            before?.Invoke();
            var answer = new HttpResponseMessage(HttpStatusCode.GatewayTimeout);
            if (isOurs)
            {
                answer.Headers.Add("Baton-Deadline-Exceeded", "caller");
            }

            return Task.FromResult(answer);
        }
    }
}
