using System.IO.Pipelines;
using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Time.Testing;
using Polly;
using Polly.Timeout;
using Order = Baton.Http.Tests.ResilienceTests.Order;

namespace Baton.Http.Tests;

/// <summary>
/// An answer whose headers have come and whose body has not, in a client with the standard strategies.
/// </summary>
public sealed class ResilienceBodyTests
{
    private const string Address = "http://orders.internal/";

    private readonly Pipe _body = new();

    [Theory]
    [InlineData(null)]
    [InlineData(Order.BatonFirst)]
    [InlineData(Order.BatonLast)]
    public async Task A_timeout_of_an_attempt_ends_with_the_headers_with_Baton_and_without(Order? order)
    {
        using var network = new Answering(HttpStatusCode.OK, _body);
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));
        using var client = ResilienceTests.Client(order, network, resilience: Impatient);
        var reading = client.GetStringAsync(ctx, Address);
        await WaitFor.True(() => network.Asked == 1);

        // An attempt that began after that one has had its time.
        await Assert.ThrowsAsync<TimeoutRejectedException>(() =>
            WaitFor.Result(client.GetAsync(ctx, Address)));
        Assert.False(reading.IsCompleted);
        await _body.Writer.WriteAsync("whole"u8.ToArray());
        await _body.Writer.CompleteAsync();

        Assert.Equal("whole", await WaitFor.Result(reading));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Order.BatonFirst)]
    [InlineData(Order.BatonLast)]
    public async Task A_response_that_says_the_attempt_failed_is_handed_out_before_its_body_has_come(Order? order)
    {
        using var network = new Answering(HttpStatusCode.ServiceUnavailable, _body);
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));
        using var client = ResilienceTests.Client(order, network, resilience: Impatient);

        using var response = await WaitFor.Result(
            client.GetAsync(ctx, Address, HttpCompletionOption.ResponseHeadersRead));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Theory]
    [InlineData(Order.BatonFirst)]
    [InlineData(Order.BatonLast)]
    public async Task A_deadline_that_passes_in_the_body_is_the_contexts_exception(Order order)
    {
        var clock = new FakeTimeProvider();
        using var network = new Answering(HttpStatusCode.OK, _body);
        using var ctx = Context.Root(clock).WithTimeout(TimeSpan.FromHours(1));
        using var client = ResilienceTests.Client(order, network);
        var reading = client.GetStringAsync(ctx, Address);
        await WaitFor.True(() => network.Asked == 1);

        clock.Advance(TimeSpan.FromHours(1));

        await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Result(reading));
    }

    private static void Impatient(HttpStandardResilienceOptions options)
    {
        options.AttemptTimeout.Timeout = TimeSpan.FromMilliseconds(10);
        options.Retry.ShouldHandle = static _ => PredicateResult.False();
    }

    /// <summary>Answers the first request, with that body, and no other.</summary>
    private sealed class Answering(HttpStatusCode status, Pipe body) : HttpMessageHandler
    {
        internal int Asked { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Asked++ > 0)
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }

            return new HttpResponseMessage(status)
            {
                Content = new StreamContent(body.Reader.AsStream()),
                RequestMessage = request,
            };
        }
    }
}
