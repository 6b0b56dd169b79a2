namespace Baton.Http.Tests;

/// <summary>How people tell one end of a call from another today. All of it goes on to work.</summary>
public sealed class IdiomTests
{
    [Fact]
    public async Task Catching_OperationCanceledException_catches_the_contexts_own()
    {
        using var ctx = Context.Background.WithCancel();
        ctx.Cancel();
        using var client = Client();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            client.GetAsync(ctx, "http://orders.internal/"));

        Assert.IsNotAssignableFrom<TaskCanceledException>(error);
    }

    [Fact]
    public async Task Filtering_by_the_token_tells_a_cancel_from_a_timeout()
    {
        using var ctx = Context.Background.WithCancel();
        ctx.Cancel();
        using var client = Client();

        Assert.Equal("we left", await WhoEnded(() => client.GetAsync(ctx, "http://orders.internal/"), ctx));
        Assert.Equal("timeout", await WhoEnded(
            () => client.GetAsync(Context.Background, "http://orders.internal/"), Context.Background));
    }

    [Fact]
    public async Task Code_with_a_token_of_its_own_goes_on_to_catch_TaskCanceledException()
    {
        using var source = new CancellationTokenSource();
        using var client = Client();
        var calling = client.GetAsync("http://orders.internal/", source.Token);

        await source.CancelAsync();

        var error = await Assert.ThrowsAsync<TaskCanceledException>(() => WaitFor.Result(calling));
        Assert.Equal(source.Token, error.CancellationToken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task
        Code_that_hands_on_the_token_of_the_requests_context_goes_on_to_catch_TaskCanceledException(
            bool hasOthers)
    {
        using var ctx = Context.Background.WithCancel();
        using var client = Client(hasOthers);
        var calling = client.GetAsync("http://orders.internal/", ctx.Done);
        var request = new CurrentRequest(ctx);
        var callingForRequest = Client(hasOthers, request).GetAsync("http://orders.internal/", ctx.Done);

        ctx.Cancel(new InvalidOperationException("no longer wanted"));

        foreach (var each in new[] { calling, callingForRequest })
        {
            var error = await Assert.ThrowsAsync<TaskCanceledException>(() => WaitFor.Result(each));
            Assert.Equal(ctx.Done, error.CancellationToken);
        }

        Assert.IsType<ContextCanceledException>(await InnerOf(callingForRequest));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_that_was_given_no_token_ends_with_the_requests_context(bool hasOthers)
    {
        using var ctx = Context.Background.WithCancel();
        var request = new CurrentRequest(ctx);
        using var client = Client(hasOthers, request);
        var calling = client.GetAsync("http://orders.internal/");

        ctx.Cancel();

        await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Result(calling));
    }

    private static async Task<Exception?> InnerOf(Task task)
    {
        try
        {
            await task;
            return null;
        }
        catch (OperationCanceledException e)
        {
            return e.InnerException;
        }
    }

    private static async Task<string> WhoEnded(Func<Task> call, CancellationToken token)
    {
        try
        {
            await WaitFor.Completion(call());
            return "nobody";
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return "we left";
        }
        catch (TaskCanceledException e) when (e.InnerException is TimeoutException)
        {
            return "timeout";
        }
    }

    private static HttpClient Client(bool hasOthers = false, IContextAccessor? accessor = null)
    {
        var builder = new ServiceCollection().AddHttpClient("orders")
            .ConfigureHttpClient(static client => client.Timeout = TimeSpan.FromMilliseconds(200))
            .ConfigurePrimaryHttpMessageHandler(static () => new Silent())
            .AddBatonHandler(options => options.ContextAccessor = accessor);
        if (hasOthers)
        {
            builder.AddHttpMessageHandler(static () => new Passing());
        }

        return builder.Services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>()
            .CreateClient("orders");
    }

    private sealed class Passing : DelegatingHandler;

    private sealed class CurrentRequest(Context ctx) : IContextAccessor
    {
        public Context? Current => ctx;
    }
}
