namespace Baton.Http.Tests;

public sealed class ErrorShapeTests
{
    [Fact]
    public async Task A_call_whose_context_is_canceled_throws_the_contexts_own_exception_with_the_cause_inside()
    {
        var arrived = new TaskCompletionSource();
        await using var server = await Server.StartAsync(app => app.MapGet("/", async (Context ctx) =>
        {
            arrived.SetResult();
            await ctx.Delay(Timeout.InfiniteTimeSpan);
        }));
        using var client = new HttpClient(new BatonHandler(new SocketsHttpHandler())) { BaseAddress = server.Client.BaseAddress };
        using var ctx = Context.Background.WithCancel();
        var calling = client.GetAsync(ctx, "/");
        await WaitFor.Completion(arrived.Task);

        var cause = new InvalidOperationException("no longer wanted");
        ctx.Cancel(cause);

        var error = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Result(calling));
        Assert.Same(cause, error.InnerException);
        Assert.Equal(ctx.Done, error.CancellationToken);
        Assert.IsAssignableFrom<OperationCanceledException>(error.TransportException);
    }
}
