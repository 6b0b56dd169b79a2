namespace Baton.Http.Tests;

/// <summary>
/// The token of an exception is the one that the caller gave. Code compares the two, to tell its own cancel, or its own
/// timeout, from another one.
/// </summary>
public sealed class CallerTokenTests
{
    private static readonly IOException s_transport = new("The connection was aborted.");

    /// <summary>Where Baton stands, and how the call is made.</summary>
    public static TheoryData<string, bool> Calls =>
        new MatrixTheoryData<string, bool>(["by hand", "a factory's", "a factory's, with others"], [false, true]);

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_that_its_own_token_ends_says_so_beside_a_live_context(string client, bool blocks)
    {
        using var ctx = Context.Background.WithCancel();
        using var own = new CancellationTokenSource();
        using var invoker = Invoker(client);
        using var request = Request();
        request.SetContext(ctx);

        var calling = CallAsync(invoker, request, blocks, own.Token);
        await own.CancelAsync();

        var error = await Assert.ThrowsAsync<TaskCanceledException>(() => WaitFor.Completion(calling));
        Assert.Equal(own.Token, error.CancellationToken);
        Assert.Same(s_transport, error.InnerException);
        Assert.Contains(nameof(Network), error.StackTrace);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_that_was_given_a_contexts_token_ends_with_it(string client, bool blocks)
    {
        using var ctx = Context.Background.WithCancel();
        using var invoker = Invoker(client);
        using var request = Request();

        var calling = CallAsync(invoker, request, blocks, ctx.Done);
        ctx.Cancel();

        var error = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(calling));
        Assert.Equal(ctx.Done, error.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_whose_token_is_canceled_with_the_current_requests_context_ends_with_that_token(
        string client, bool blocks)
    {
        using var own = new CancellationTokenSource();
        using var ctx = Context.FromToken(own.Token).WithCancel();
        using var invoker = Invoker(client, new Current(ctx));
        using var request = Request();

        var calling = CallAsync(invoker, request, blocks, own.Token);
        await own.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitFor.Completion(calling));
        Assert.Equal(own.Token, error.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_whose_token_was_canceled_before_with_the_current_requests_context_says_so(
        string client, bool blocks)
    {
        using var own = new CancellationTokenSource();
        using var ctx = Context.FromToken(own.Token).WithCancel();
        using var invoker = Invoker(client, new Current(ctx));
        using var request = Request();
        await own.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            WaitFor.Completion(CallAsync(invoker, request, blocks, own.Token)));
        Assert.Equal(own.Token, error.CancellationToken);
    }

    [Fact]
    public async Task A_handler_in_front_knows_its_own_timeout_by_its_token()
    {
        using var ctx = Context.Background.WithCancel();
        using var source = new CancellationTokenSource();
        using var client = new HttpClient(new Impatient(source, new BatonHandler(new Network())));
        using var request = Request();
        request.SetContext(ctx);

        var calling = client.SendAsync(request);
        await source.CancelAsync();

        await Assert.ThrowsAsync<TimeoutException>(() => WaitFor.Completion(calling));
    }

    [Theory]
    [InlineData("read")]
    [InlineData("copy")]
    [InlineData("copy the content")]
    [InlineData("string")]
    public async Task A_read_that_its_own_token_ends_says_so(string how)
    {
        using var ctx = Context.Background.WithCancel();
        using var own = new CancellationTokenSource();
        using var client = new HttpClient(new BatonHandler(
            new Recorder((_, _) => new HttpResponseMessage { Content = new StreamContent(new Endless()) })));
        using var response = await client.GetAsync(
            ctx, "http://orders.internal/", HttpCompletionOption.ResponseHeadersRead);

        var reading = ReadAsync(response.Content, how, own.Token);
        await own.CancelAsync();

        var error = await Assert.ThrowsAsync<TaskCanceledException>(() => WaitFor.Completion(reading));
        Assert.Equal(own.Token, error.CancellationToken);
    }

    [Fact]
    public async Task A_call_that_blocks_its_thread_with_the_requests_context_goes_on_to_throw_TaskCanceledException()
    {
        using var ctx = Context.Background.WithCancel();
        using var client = new HttpClient(
            new BatonHandler(new Network(), new BatonHttpOptions { ContextAccessor = new Current(ctx) }));
        using var request = Request();

        var calling = Task.Run(() => client.Send(request, ctx.Done));
        ctx.Cancel();

        var error = await Assert.ThrowsAsync<TaskCanceledException>(() => WaitFor.Completion(calling));
        Assert.Equal(ctx.Done, error.CancellationToken);
    }

    private static async Task ReadAsync(HttpContent content, string how, CancellationToken token)
    {
        if (how == "string")
        {
            await content.ReadAsStringAsync(token);
            return;
        }

        if (how == "copy the content")
        {
            await content.CopyToAsync(Stream.Null, token);
            return;
        }

        await using var body = await content.ReadAsStreamAsync(CancellationToken.None);
        await (how == "read"
            ? body.ReadAsync(new byte[1], token).AsTask()
            : body.CopyToAsync(Stream.Null, token));
    }

    private static Task<HttpResponseMessage> CallAsync(
        HttpMessageInvoker invoker, HttpRequestMessage request, bool blocks, CancellationToken token) => blocks
            ? Task.Run(() => invoker.Send(request, token), CancellationToken.None)
            : SendAsync(invoker, request, token);

    private static async Task<HttpResponseMessage> SendAsync(
        HttpMessageInvoker invoker, HttpRequestMessage request, CancellationToken token) =>
        await invoker.SendAsync(request, token);

    private static HttpRequestMessage Request() => new(HttpMethod.Get, "http://orders.internal/");

    private static HttpMessageInvoker Invoker(string client, IContextAccessor? accessor = null)
    {
        if (client == "by hand")
        {
            return new HttpMessageInvoker(
                new BatonHandler(new Network(), new BatonHttpOptions { ContextAccessor = accessor }));
        }

        var builder = new ServiceCollection().AddHttpClient("orders")
            .ConfigurePrimaryHttpMessageHandler(static () => new Network())
            .AddBatonHandler(options => options.ContextAccessor = accessor);
        if (client == "a factory's, with others")
        {
            builder.AddHttpMessageHandler(static () => new Passing());
        }

        return new HttpMessageInvoker(builder.Services.BuildServiceProvider()
            .GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("orders"));
    }

    private sealed class Passing : DelegatingHandler;

    private sealed class Current(Context ctx) : IContextAccessor
    {
        Context? IContextAccessor.Current => ctx;
    }

    /// <summary>Stands in for a network that answers nothing, and throws as that of .NET does when it is canceled.</summary>
    private sealed class Network : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new TaskCanceledException("It was canceled.", s_transport, cancellationToken);
        }

        protected override HttpResponseMessage Send(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.WaitHandle.WaitOne();
            throw new TaskCanceledException("It was canceled.", s_transport, cancellationToken);
        }
    }

    /// <summary>Has a timeout of its own, as many a handler has.</summary>
    private sealed class Impatient(CancellationTokenSource timeout, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                return await base.SendAsync(request, both.Token);
            }
            catch (OperationCanceledException e) when (e.CancellationToken == both.Token)
            {
                throw new TimeoutException("The handler's own timeout has passed.", e);
            }
        }
    }

    /// <summary>A body of which nothing comes.</summary>
    private sealed class Endless : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return 0;
        }

        public override Task CopyToAsync(
            Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            ReadAsync(new byte[1], cancellationToken).AsTask();
    }
}
