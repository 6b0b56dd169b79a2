using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Http.Tests;

/// <summary>The standard hedging strategy, whose attempts run side by side.</summary>
public sealed class HedgingTests
{
    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hedge_is_told_what_is_left_by_then(bool batonFirst)
    {
        using var network = new Scripted(
            (_, _) => Answer(takes: 300, HttpStatusCode.ServiceUnavailable), (_, _) =>
                Answer(takes: 0, HttpStatusCode.OK));
        using var ctx = Timed(1000);

        using var response = await WaitFor.Result(
            Client(batonFirst, network, hedgeAfter: 3600).GetAsync(ctx, "http://orders.internal/"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["1S", "700m"], network.Timeouts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_hedge_is_started_with_less_than_the_last_answered_attempt_took(bool batonFirst)
    {
        using var network = new Scripted((_, _) => Answer(takes: 600, HttpStatusCode.ServiceUnavailable));
        using var ctx = Timed(1000);

        var error = await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Result(
            Client(batonFirst, network, hedgeAfter: 3600).GetAsync(ctx, "http://orders.internal/")));

        Assert.IsType<InsufficientTimeException>(error.InnerException);
        Assert.Equal(
            HttpStatusCode.ServiceUnavailable,
            Assert.IsType<HttpRequestException>(error.TransportException).StatusCode);
        Assert.Single(network.Timeouts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hedge_that_is_refused_waits_for_what_it_was_to_hedge(bool batonFirst)
    {
        var slow = new TaskCompletionSource<HttpResponseMessage>();
        using var network = new Scripted((_, token) => slow.Task.WaitAsync(token));
        using var ctx = Timed(1000);
        var client = Client(batonFirst, network, hedgeAfter: 0, options =>
            options.MinRemaining = TimeSpan.FromMilliseconds(500));
        network.OnAttempt = () => _clock.Advance(TimeSpan.FromMilliseconds(600));

        var calling = client.GetAsync(ctx, "http://orders.internal/");
        slow.SetResult(new HttpResponseMessage(HttpStatusCode.OK));

        using var response = await WaitFor.Result(calling);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(network.Timeouts);
    }

    private Task<HttpResponseMessage> Answer(int takes, HttpStatusCode status)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(takes));
        return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent("busy") });
    }

    private CancelableContext Timed(int milliseconds) =>
        Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(milliseconds));

    private static HttpClient Client(
        bool batonFirst, HttpMessageHandler network, int hedgeAfter, Action<BatonHttpOptions>? options = null)
    {
        var builder = new ServiceCollection().AddHttpClient("orders")
            .ConfigurePrimaryHttpMessageHandler(() => network);
        if (batonFirst)
        {
            builder.AddBatonHandler(options);
        }

        builder.AddStandardHedgingHandler().Configure(hedging =>
        {
            hedging.TotalRequestTimeout.Timeout = TimeSpan.FromHours(2);
            hedging.Hedging.Delay = TimeSpan.FromSeconds(hedgeAfter);
            hedging.Hedging.MaxHedgedAttempts = 1;
        });
        if (!batonFirst)
        {
            builder.AddBatonHandler(options);
        }

        return builder.Services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>()
            .CreateClient("orders");
    }

    /// <summary>
    /// Stands in for a network: each attempt has its answer, the last of them again and again.
    /// </summary>
    private sealed class Scripted(
        params Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>[] answers)
            : HttpMessageHandler
    {
        internal List<string?> Timeouts { get; } = [];

        internal Action? OnAttempt { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            int attempt;
            lock (Timeouts)
            {
                Timeouts.Add(request.Headers.GetValues("grpc-timeout").Single());
                attempt = Timeouts.Count - 1;
            }

            OnAttempt?.Invoke();
            return answers[Math.Min(attempt, answers.Length - 1)](request, cancellationToken);
        }
    }
}
