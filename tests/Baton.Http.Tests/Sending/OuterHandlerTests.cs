using Microsoft.Extensions.Time.Testing;

namespace Baton.Http.Tests;

/// <summary>Handlers between the caller and Baton, in a factory's client and chained by hand.</summary>
public sealed class OuterHandlerTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Outer _outer = new();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task If_the_context_ends_while_a_handler_waits_the_call_throws_the_contexts_own_exception(
        bool isOfFactory, bool isAfter)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task WaitAsync(CancellationToken token)
        {
            reached.SetResult();
            return new TaskCompletionSource().Task.WaitAsync(token);
        }

        (_outer.Before, _outer.After) = isAfter
            ? (null, (_, token) => WaitAsync(token))
            : ((Func<CancellationToken, Task>?)WaitAsync, (Func<HttpResponseMessage, CancellationToken, Task>?)null);
        using var ctx = Timed();
        var calling = Client(isOfFactory, new Recorder()).GetAsync(ctx, "http://orders.internal/");
        await WaitFor.Completion(reached.Task);

        _clock.Advance(TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(calling));
        Assert.Equal("budget", error.InnerException?.Message);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    [InlineData(false, 3)]
    [InlineData(true, 3)]
    public async Task If_the_context_ends_in_a_body_that_a_handler_has_replaced_so_does_the_call(
        bool isOfFactory, int kind)
    {
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _outer.After = (response, _) =>
        {
            response.Content = new StreamContent(new Endless(reading));
            return Task.CompletedTask;
        };
        using var ctx = Timed();
        var calling = Calls(Client(isOfFactory, new Recorder()), ctx)[kind]();
        await WaitFor.Completion(reading.Task);

        _clock.Advance(TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(calling));
        Assert.Equal("budget", error.InnerException?.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handler_finds_the_context_of_each_call(bool isOfFactory)
    {
        var found = new List<Context?>();
        _outer.Seen = request => found.Add(request.TryGetContext(out var ctx) ? ctx : null);
        var client = Client(isOfFactory, new Recorder());
        using var ctx = Timed();
        using var message = new HttpRequestMessage(HttpMethod.Get, "http://orders.internal/");

        (await client.GetAsync(ctx, "http://orders.internal/")).Dispose();
        (await client.PostAsync(ctx, "http://orders.internal/", content: null)).Dispose();
        (await client.SendAsync(ctx, message)).Dispose();
        (await client.GetAsync("http://orders.internal/")).Dispose();

        Assert.Equal([ctx, ctx, ctx, null], found);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handler_may_give_a_call_another_context(bool isOfFactory)
    {
        var network = new Recorder();
        using var shorter = Context.Root(_clock).WithTimeout(TimeSpan.FromMilliseconds(500));
        _outer.Seen = request => request.SetContext(shorter);
        using var ctx = Timed();

        (await Client(isOfFactory, network).GetAsync(ctx, "http://orders.internal/")).Dispose();

        Assert.Equal(["500m"], network.Timeouts);
    }

    /// <summary>With one connection, a response that is kept during a wait would block every other call.</summary>
    [Fact]
    public async Task A_wait_between_attempts_keeps_no_connection()
    {
        await using var hosts = await Hosts.StartAsync();
        hosts.Serve = static http =>
        {
            http.Response.StatusCode = http.Request.Path == "/big" ? 503 : 200;
            return http.Response.WriteAsync(new string('x', http.Request.Path == "/big" ? 3_000_000 : 1));
        };
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var services = new ServiceCollection();
        var builder = services.AddHttpClient("orders").AddBatonHandler()
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { MaxConnectionsPerServer = 1 });
        builder.AddStandardResilienceHandler(options => options.Retry.DelayGenerator = _ =>
        {
            waiting.TrySetResult();
            return ValueTask.FromResult<TimeSpan?>(TimeSpan.FromHours(1));
        });
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));
        var calling = client.GetAsync(ctx, new Uri(hosts.First, "/big"));
        await WaitFor.Completion(waiting.Task);

        using var other = await WaitFor.Result(client.GetAsync(ctx, new Uri(hosts.First, "/small")));

        Assert.False(calling.IsCompleted);
        ctx.Cancel();
        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Result(calling));
    }

    private static Func<Task>[] Calls(HttpClient client, Context ctx) =>
    [
        () => client.GetAsync(ctx, "http://orders.internal/"),
        () => client.GetStringAsync(ctx, "http://orders.internal/"),
        async () => await (await client.GetStreamAsync(ctx, "http://orders.internal/")).CopyToAsync(Stream.Null),
        async () => await (await client.GetAsync(
            ctx, "http://orders.internal/", HttpCompletionOption.ResponseHeadersRead)).Content.ReadAsStringAsync(),
    ];

    private CancelableContext Timed() =>
        Context.Root(_clock).WithTimeout(TimeSpan.FromSeconds(1), new TimeoutException("budget"));

    private HttpClient Client(bool isOfFactory, HttpMessageHandler network)
    {
        if (!isOfFactory)
        {
            _outer.InnerHandler = new BatonHandler(network);
            return new HttpClient(_outer);
        }

        var services = new ServiceCollection();
        services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => network)
            .AddHttpMessageHandler(() => _outer).AddBatonHandler();
        return services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("orders");
    }

    private sealed class Outer : DelegatingHandler
    {
        internal Action<HttpRequestMessage>? Seen { get; set; }

        internal Func<CancellationToken, Task>? Before { get; set; }

        internal Func<HttpResponseMessage, CancellationToken, Task>? After { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Seen?.Invoke(request);
            await (Before?.Invoke(cancellationToken) ?? Task.CompletedTask);
            var response = await base.SendAsync(request, cancellationToken);
            await (After?.Invoke(response, cancellationToken) ?? Task.CompletedTask);
            return response;
        }
    }

    /// <summary>A body that does not go on.</summary>
    private sealed class Endless(TaskCompletionSource reading) : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            reading.TrySetResult();
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            return 0;
        }

        public override async Task CopyToAsync(
            Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            _ = await ReadAsync(new byte[1], cancellationToken);
    }
}
