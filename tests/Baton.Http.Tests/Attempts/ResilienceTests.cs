using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Time.Testing;
using Polly;

namespace Baton.Http.Tests;

/// <summary>
/// The standard strategies, registered before and after Baton. A wait between attempts lasts an hour: no test
/// gets to its end.
/// </summary>
public sealed class ResilienceTests
{
    private const string Address = "http://orders.internal/";

    private readonly FakeTimeProvider _clock = new();

    public enum Order
    {
        BatonFirst,
        BatonLast,
    }

    [Theory]
    [InlineData(Order.BatonFirst)]
    [InlineData(Order.BatonLast)]
    public async Task A_retry_is_told_what_is_left_by_then(Order order)
    {
        var network = new Recorder((attempt, _) =>
            Failing(takes: 300, attempt == 0 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK));
        using var ctx = Timed(1000);

        using var response = await WaitFor.Result(
            Client(order, network, TimeSpan.Zero).GetAsync(ctx, Address));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["1S", "700m"], network.Timeouts);
    }

    [Theory]
    [InlineData(Order.BatonFirst)]
    [InlineData(Order.BatonLast)]
    public async Task No_retry_is_started_with_less_than_the_last_answered_attempt_took(Order order)
    {
        var network = new Recorder((_, _) => Failing(takes: 600, HttpStatusCode.ServiceUnavailable));
        using var ctx = Timed(1000);
        var address = new Uri($"http://{order}.internal/");
        using var refusals = Refusals.Of(address.Host);

        var error = await Assert.ThrowsAsync<DeadlineExceededException>(() =>
            WaitFor.Result(Client(order, network, TimeSpan.Zero).GetAsync(ctx, address)));

        var cause = Assert.IsType<InsufficientTimeException>(error.InnerException);
        Assert.Equal(
            (TimeSpan.FromMilliseconds(600), TimeSpan.FromMilliseconds(400)), (cause.Needed, cause.Remaining));
        Assert.Equal(
            HttpStatusCode.ServiceUnavailable,
            Assert.IsType<HttpRequestException>(error.TransportException).StatusCode);
        Assert.False(ctx.IsDone);
        Assert.Single(network.Addresses);
        Assert.Equal(["retry_too_late"], refusals.Counted);
    }

    [Theory]
    [InlineData(Order.BatonFirst)]
    [InlineData(Order.BatonLast)]
    public async Task No_retry_is_started_with_less_than_the_reserve_and_MinRemaining(Order order)
    {
        var network = new Recorder((_, _) => Failing(takes: 100, HttpStatusCode.ServiceUnavailable));
        using var ctx = Timed(1000);
        var client = Client(order, network, TimeSpan.Zero, options: static options =>
        {
            options.Reserve = TimeSpan.FromMilliseconds(500);
            options.MinRemaining = TimeSpan.FromMilliseconds(450);
        });

        var error = await Assert.ThrowsAsync<DeadlineExceededException>(() =>
            WaitFor.Result(client.GetAsync(ctx, Address)));

        Assert.Equal(
            TimeSpan.FromMilliseconds(950), Assert.IsType<InsufficientTimeException>(error.InnerException).Needed);
        Assert.Single(network.Addresses);
    }

    [Theory]
    [InlineData(Order.BatonFirst)]
    [InlineData(Order.BatonLast)]
    public async Task An_attempt_that_was_cut_says_nothing_of_how_long_one_takes(Order order)
    {
        using var network = new FirstSilent();
        using var ctx = Timed(1600);
        network.OnFirst = () => _clock.Advance(TimeSpan.FromMilliseconds(1000));
        var client = Client(order, network, TimeSpan.Zero, resilience: static options =>
            options.AttemptTimeout.Timeout = TimeSpan.FromMilliseconds(10));

        using var response = await WaitFor.Result(client.GetAsync(ctx, Address));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["1600m", "600m"], network.Timeouts);
    }

    [Theory]
    [InlineData(Order.BatonFirst)]
    [InlineData(Order.BatonLast)]
    public async Task A_failure_of_the_network_is_the_last_failure_of_a_retry_that_is_refused(Order order)
    {
        var failure = new HttpRequestException("connection refused");
        var network = new Recorder((_, _) =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(600));
            throw failure;
        });
        using var ctx = Timed(1000);
        var client = Client(order, network, TimeSpan.Zero, options: static options =>
            options.MinRemaining = TimeSpan.FromMilliseconds(500));

        var error = await Assert.ThrowsAsync<DeadlineExceededException>(
            () => WaitFor.Result(client.GetAsync(ctx, Address)));

        Assert.Same(failure, error.TransportException);
        Assert.Single(network.Addresses);
    }

    [Theory]
    [InlineData(Order.BatonFirst)]
    [InlineData(Order.BatonLast)]
    public async Task A_wait_for_the_next_attempt_ends_at_the_deadline_and_tells_the_last_answer(Order order)
    {
        var network = new Recorder((_, _) => Failing(takes: 1, HttpStatusCode.ServiceUnavailable));
        using var ctx = Timed(1000);
        var calling = Client(order, network).GetAsync(ctx, Address);
        await WaitFor.True(() => network.Addresses.Count == 1);
        Assert.False(calling.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Result(calling));
        Assert.Equal(
            HttpStatusCode.ServiceUnavailable,
            Assert.IsType<HttpRequestException>(error.TransportException).StatusCode);
    }

    [Theory]
    [InlineData(Order.BatonFirst)]
    [InlineData(Order.BatonLast)]
    public async Task A_wait_for_the_next_attempt_ends_at_the_deadline_and_tells_the_last_failure(Order order)
    {
        var failure = new HttpRequestException("connection refused");
        var network = new Recorder((_, _) => throw failure);
        using var ctx = Timed(1000);
        var calling = Client(order, network).GetAsync(ctx, Address);

        _clock.Advance(TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Result(calling));
        Assert.Same(failure, error.TransportException);
    }

    [Theory]
    [InlineData(Order.BatonFirst)]
    [InlineData(Order.BatonLast)]
    public async Task A_message_with_its_context_ends_the_wait_without_a_token(Order order)
    {
        var network = new Recorder((_, _) => Failing(takes: 1, HttpStatusCode.ServiceUnavailable));
        using var ctx = Timed(1000);
        using var message = new HttpRequestMessage(HttpMethod.Get, Address);
        message.SetContext(ctx);
        var calling = Client(order, network).SendAsync(message);
        await WaitFor.True(() => network.Addresses.Count == 1);

        _clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Result(calling));
    }

    [Theory]
    [InlineData(Order.BatonFirst)]
    [InlineData(Order.BatonLast)]
    public async Task A_wait_for_the_next_attempt_ends_with_a_cancel_and_the_contexts_exception(Order order)
    {
        var network = new Recorder((_, _) => Failing(takes: 1, HttpStatusCode.ServiceUnavailable));
        using var ctx = Timed(1000);
        var calling = Client(order, network).GetAsync(ctx, Address);

        ctx.Cancel();

        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Result(calling));
    }

    [Theory]
    [InlineData(Order.BatonFirst)]
    [InlineData(Order.BatonLast)]
    public async Task A_deadline_that_passes_during_an_attempt_is_the_contexts_exception(Order order)
    {
        using var network = new Silent();
        using var ctx = Timed(1000);
        var calling = Client(order, network).GetAsync(ctx, Address);

        _clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Result(calling));
    }

    [Theory]
    [InlineData(Order.BatonFirst)]
    [InlineData(Order.BatonLast)]
    public async Task A_cancel_during_an_attempt_is_the_contexts_exception(Order order)
    {
        using var network = new Silent();
        using var ctx = Timed(1000);
        var calling = Client(order, network).GetAsync(ctx, Address);

        ctx.Cancel();

        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Result(calling));
    }

    [Theory]
    [InlineData(Order.BatonFirst)]
    [InlineData(Order.BatonLast)]
    public async Task A_timeout_of_an_attempt_is_what_it_is_without_Baton(Order order)
    {
        using var network = new Silent();
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));
        var client = Client(order, network, resilience: options =>
        {
            options.AttemptTimeout.Timeout = TimeSpan.FromMilliseconds(10);
            options.Retry.ShouldHandle = static _ => PredicateResult.False();
        });

        await Assert.ThrowsAsync<Polly.Timeout.TimeoutRejectedException>(() =>
            WaitFor.Result(client.GetAsync(ctx, Address)));
    }

    [Theory]
    [InlineData(Order.BatonFirst)]
    [InlineData(Order.BatonLast)]
    public async Task Answers_that_were_retried_are_disposed(Order order)
    {
        var bodies = new List<CountedContent>();
        var network = new Recorder((attempt, _) =>
        {
            var status = attempt < 2 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK;
            bodies.Add(new CountedContent());
            return new HttpResponseMessage(status) { Content = bodies[^1] };
        });
        using var ctx = Timed(1000);

        using (await WaitFor.Result(Client(order, network, TimeSpan.Zero).GetAsync(ctx, Address)))
        {
            Assert.Equal([1, 1, 0], bodies.Select(body => body.Disposals));
        }

        Assert.Equal([1, 1, 1], bodies.Select(body => body.Disposals));
    }

    private HttpResponseMessage Failing(int takes, HttpStatusCode status)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(takes));
        return new HttpResponseMessage(status) { Content = new StringContent("busy") };
    }

    private CancelableContext Timed(int milliseconds) =>
        Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>A client with the standard strategies; without Baton if there is no order.</summary>
    internal static HttpClient Client(
        Order? order,
        HttpMessageHandler network,
        TimeSpan? wait = null,
        Action<BatonHttpOptions>? options = null,
        Action<HttpStandardResilienceOptions>? resilience = null)
    {
        var builder = new ServiceCollection().AddHttpClient("orders")
            .ConfigurePrimaryHttpMessageHandler(() => network);
        if (order == Order.BatonFirst)
        {
            builder.AddBatonHandler(options);
        }

        builder.AddStandardResilienceHandler(standard =>
        {
            standard.Retry.UseJitter = false;
            standard.Retry.MaxDelay = TimeSpan.FromDays(1);
            standard.Retry.DelayGenerator = arguments =>
                ValueTask.FromResult<TimeSpan?>(wait ?? TimeSpan.FromHours(1));
            standard.TotalRequestTimeout.Timeout = TimeSpan.FromHours(2);
            resilience?.Invoke(standard);
        });
        if (order == Order.BatonLast)
        {
            builder.AddBatonHandler(options);
        }

        return builder.Services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>()
            .CreateClient("orders");
    }

    /// <summary>Stands in for a service whose first response never comes.</summary>
    private sealed class FirstSilent : HttpMessageHandler
    {
        internal List<string> Timeouts { get; } = [];

        internal Action? OnFirst { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Timeouts.Add(request.Headers.GetValues("grpc-timeout").Single());
            if (Timeouts.Count == 1)
            {
                OnFirst?.Invoke();
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }

            return new HttpResponseMessage { RequestMessage = request };
        }
    }
}
