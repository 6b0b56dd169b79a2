using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Http.Tests;

/// <summary>
/// Handlers of the application's own that send again, in a factory's client and chained by hand: which of the
/// second sends is a retry.
/// </summary>
public sealed class SecondSendTests
{
    private readonly FakeTimeProvider _clock = new();

    public static TheoryData<bool, HttpStatusCode> Answers => new MatrixTheoryData<bool, HttpStatusCode>(
        [false, true],
        [HttpStatusCode.Unauthorized, HttpStatusCode.NotFound, HttpStatusCode.Conflict, HttpStatusCode.OK]);

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task A_send_that_follows_an_answer_which_does_not_pass_is_no_retry(
        bool isOfFactory, HttpStatusCode first)
    {
        var network = Network(first);
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(1200));

        using var response = await WaitFor.Result(
            Client(isOfFactory, network).GetAsync(ctx, "http://orders.internal/"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["1200m", "500m"], network.Timeouts);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.ServiceUnavailable)]
    [InlineData(true, HttpStatusCode.ServiceUnavailable)]
    [InlineData(false, HttpStatusCode.TooManyRequests)]
    [InlineData(false, HttpStatusCode.RequestTimeout)]
    [InlineData(false, HttpStatusCode.InternalServerError)]
    public async Task A_send_that_follows_a_failure_which_may_pass_is_a_retry(
        bool isOfFactory, HttpStatusCode first)
    {
        var network = Network(first);
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(1200));

        await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Result(
            Client(isOfFactory, network).GetAsync(ctx, "http://orders.internal/")));

        Assert.Equal(["1200m"], network.Timeouts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refusal_does_not_wait_for_an_attempt_that_could_not_be_begun(bool blocks)
    {
        var isFirst = true;
        var header = new DeadlineHeader(
            "x-time",
            _ => isFirst ? throw new NotSupportedException("The format fails.") : "1",
            static _ => null);
        var options = new BatonHttpOptions { Header = header, MinRemaining = TimeSpan.FromSeconds(1) };
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(1500));
        using var client = new HttpMessageInvoker(new BatonHandler(new Recorder(), options));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders.internal/");
        request.SetContext(ctx);

        await Assert.ThrowsAsync<NotSupportedException>(async () => _ = blocks
            ? client.Send(request, CancellationToken.None)
            : await client.SendAsync(request, CancellationToken.None));
        isFirst = false;
        _clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<DeadlineExceededException>(() =>
            WaitFor.Result(client.SendAsync(request, CancellationToken.None)));
    }

    [Fact]
    public async Task A_failure_counts_until_another_attempt_is_answered()
    {
        var network = new Recorder((attempt, _) => attempt switch
        {
            0 => Answer(HttpStatusCode.ServiceUnavailable, takes: 500),
            1 => throw new HttpRequestException("connection refused"),
            _ => Answer(HttpStatusCode.ServiceUnavailable, takes: 100),
        });
        using var ctx = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(1100));
        using var client = new HttpMessageInvoker(new BatonHandler(network));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders.internal/");
        request.SetContext(ctx);
        Task<HttpResponseMessage> SendAsync() => client.SendAsync(request, CancellationToken.None);

        (await SendAsync()).Dispose();
        await Assert.ThrowsAsync<HttpRequestException>(SendAsync);
        (await SendAsync()).Dispose();
        _clock.Advance(TimeSpan.FromMilliseconds(300));
        (await SendAsync()).Dispose();

        Assert.Equal(["1100m", "600m", "600m", "200m"], network.Timeouts);
    }

    private Recorder Network(HttpStatusCode first) =>
        new((attempt, _) => attempt == 0 ? Answer(first, takes: 700) : Answer(HttpStatusCode.OK, takes: 0));

    private HttpResponseMessage Answer(HttpStatusCode status, int takes)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(takes));
        return new HttpResponseMessage(status);
    }

    private static HttpClient Client(bool isOfFactory, HttpMessageHandler network)
    {
        if (!isOfFactory)
        {
            return new HttpClient(new Twice { InnerHandler = new BatonHandler(network) });
        }

        var services = new ServiceCollection();
        services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => network)
            .AddHttpMessageHandler(static () => new Twice()).AddBatonHandler();
        return services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("orders");
    }

    /// <summary>Sends each request twice, and gives the second response.</summary>
    private sealed class Twice : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (await base.SendAsync(request, cancellationToken)).Dispose();
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
