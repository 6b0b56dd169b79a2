using Grpc.Net.Client;

namespace Baton.Grpc.Tests;

/// <summary>A call with a token of its own beside the context that it finds.</summary>
public sealed class ClientTokenTests
{
    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task The_call_lets_go_of_its_context_when_it_is_over(string kind)
    {
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = _ => Task.CompletedTask;
        using var ctx = Context.Background.WithCancel();
        using var own = new CancellationTokenSource();
        using var channel = GrpcChannel.ForAddress(server.Address);
        var (client, watching) = Client(channel, ctx);

        await WaitFor.Completion(
            AllKinds.CallAsync(client, kind, new CallOptions(cancellationToken: own.Token)));

        AssertReleased(watching);
        Assert.False(ctx.IsDone);
    }

    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task The_end_of_the_context_ends_the_call_with_its_exception(string kind)
    {
        using var ctx = Context.Background.WithCancel();
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = call =>
        {
            ctx.Cancel();
            return call.RequestContext.Delay(TimeSpan.FromHours(1));
        };
        using var own = new CancellationTokenSource();
        using var channel = GrpcChannel.ForAddress(server.Address);
        var (client, watching) = Client(channel, ctx);

        await Assert.ThrowsAsync<ContextCanceledException>(() =>
            WaitFor.Completion(
                AllKinds.CallAsync(client, kind, new CallOptions(cancellationToken: own.Token))));

        AssertReleased(watching);
    }

    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task The_token_ends_the_call_with_gRPCs_exception(string kind)
    {
        using var ctx = Context.Background.WithCancel();
        using var own = new CancellationTokenSource();
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = async call =>
        {
            await own.CancelAsync();
            await call.RequestContext.Delay(TimeSpan.FromHours(1));
        };
        using var channel = GrpcChannel.ForAddress(server.Address);
        var (client, _) = Client(channel, ctx);

        var failure = await Assert.ThrowsAsync<RpcException>(() =>
            WaitFor.Completion(
                AllKinds.CallAsync(client, kind, new CallOptions(cancellationToken: own.Token))));

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
    }

    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task As_a_cancellation_the_exception_has_the_calls_own_token(string kind)
    {
        using var ctx = Context.Background.WithCancel();
        using var own = new CancellationTokenSource();
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = async call =>
        {
            await own.CancelAsync();
            await call.RequestContext.Delay(TimeSpan.FromHours(1));
        };
        using var channel = GrpcChannel.ForAddress(
            server.Address, new GrpcChannelOptions { ThrowOperationCanceledOnCancellation = true });
        var (client, _) = Client(channel, ctx);

        var failure = await Assert.ThrowsAsync<OperationCanceledException>(() =>
            WaitFor.Completion(
                AllKinds.CallAsync(client, kind, new CallOptions(cancellationToken: own.Token))));

        Assert.Equal(own.Token, failure.CancellationToken);
        Assert.NotNull(failure.InnerException);
    }

    [Fact]
    public async Task As_a_cancellation_a_call_that_blocks_has_its_own_token()
    {
        using var ctx = Context.Background.WithCancel();
        using var own = new CancellationTokenSource();
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = async call =>
        {
            await own.CancelAsync();
            await call.RequestContext.Delay(TimeSpan.FromHours(1));
        };
        using var channel = GrpcChannel.ForAddress(
            server.Address, new GrpcChannelOptions { ThrowOperationCanceledOnCancellation = true });
        var (client, _) = Client(channel, ctx);

        var failure = await Assert.ThrowsAsync<OperationCanceledException>(() =>
            WaitFor.Completion(Task.Run(() => client.Unary(new Note(), cancellationToken: own.Token))));

        Assert.Equal(own.Token, failure.CancellationToken);
    }

    [Fact]
    public async Task A_context_of_its_own_goes_before_the_one_that_could_be_found()
    {
        await using var server = await ProbeServer.StartAsync();
        using var found = Context.Background.WithTimeout(TimeSpan.FromHours(1));
        using var own = found.WithoutCancel().WithCancel();
        using var channel = GrpcChannel.ForAddress(server.Address);
        var (client, watching) = Client(channel, found);

        await client.UnaryAsync(new Note(), cancellationToken: own);

        Assert.Equal(own.Done, watching.Options.CancellationToken);
        Assert.Null(watching.Options.Deadline);
    }

    [Fact]
    public void A_call_that_cannot_be_started_lets_go_of_its_context()
    {
        using var ctx = Context.Background.WithCancel();
        using var own = new CancellationTokenSource();
        var channel = GrpcChannel.ForAddress("http://localhost");
        var (client, watching) = Client(channel, ctx);
        channel.Dispose();

        Assert.Throws<ObjectDisposedException>(() => client.Duplex(cancellationToken: own.Token));

        AssertReleased(watching);
    }

    /// <summary>The source that linked the two tokens was disposed, so it hangs on neither of them any more.</summary>
    private static void AssertReleased(Watching watching) =>
        Assert.Throws<ObjectDisposedException>(() => watching.Options.CancellationToken.WaitHandle);

    private static (Probe.ProbeClient Client, Watching Watching) Client(GrpcChannel channel, Context found)
    {
        var watching = new Watching();
        var ours = new BatonClientInterceptor(new BatonGrpcOptions { ContextAccessor = new Found(found) });
        return (new Probe.ProbeClient(channel.Intercept(watching).Intercept(ours)), watching);
    }

    private sealed class Found(Context ctx) : IContextAccessor
    {
        public Context? Current => ctx;
    }
}
