using Microsoft.Extensions.Time.Testing;

namespace Baton.Grpc.AspNetCore.Tests;

public sealed class ServerDeadlineTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task The_clients_deadline_is_the_contexts_and_its_end_the_clients_status(string kind)
    {
        var given = new TaskCompletionSource<Context>();
        await using var server = await StartAsync();
        server.Methods.All = call =>
        {
            given.SetResult(call.RequestContext);
            return call.RequestContext.Delay(2 * s_hour);
        };

        var calling = AllKinds.CallAsync(
            server.BareClient, kind, new CallOptions(deadline: SystemNow() + s_hour));
        var ctx = await WaitFor.Result(given.Task);
        Assert.Equal(s_hour, ctx.Remaining);
        _clock.Advance(s_hour);

        var failure = await Assert.ThrowsAsync<RpcException>(() => WaitFor.Completion(calling));
        Assert.Equal((StatusCode.DeadlineExceeded, "context deadline exceeded"),
            (failure.StatusCode, failure.Status.Detail));
        Assert.Equal(RequestTimeoutSource.Caller, Assert.IsType<RequestTimeoutException>(ctx.Cause).TimeoutSource);
    }

    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task On_real_clocks_both_sides_end_whoever_notices_it_first(string kind)
    {
        var given = new TaskCompletionSource<Context>();
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = call =>
        {
            given.TrySetResult(call.RequestContext);
            return call.RequestContext.Delay(s_hour);
        };

        // On a busy machine the time may be up before the method has begun: then with twice as much.
        for (var time = TimeSpan.FromMilliseconds(200); !given.Task.IsCompleted; time *= 2)
        {
            var failure = await Assert.ThrowsAsync<RpcException>(() => WaitFor.Completion(AllKinds.CallAsync(
                server.BareClient, kind, new CallOptions(deadline: SystemNow() + time))));
            Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        }

        var ctx = await WaitFor.Result(given.Task);
        await WaitFor.True(() => ctx.IsDone);
    }

    [Fact]
    public async Task Too_little_time_is_answered_without_running_the_method()
    {
        await using var server = await ProbeServer.StartAsync(
            static builder => builder.Services.AddBaton(static options => options.MinTimeout = s_hour));
        var hasRun = false;
        server.Methods.All = _ =>
        {
            hasRun = true;
            return Task.CompletedTask;
        };

        var failure = await Assert.ThrowsAsync<RpcException>(() => WaitFor.Completion(
            AllKinds.CallAsync(
                server.BareClient, "unary", new CallOptions(deadline: SystemNow() + (s_hour / 2)))));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.False(hasRun);
    }

    [Fact]
    public async Task A_timeout_of_the_servers_own_is_a_passed_deadline_to_the_client()
    {
        var given = new TaskCompletionSource<Context>();
        await using var server = await StartAsync(static options => options.Timeout = s_hour);
        server.Methods.All = call =>
        {
            given.SetResult(call.RequestContext);
            return call.RequestContext.Delay(2 * s_hour);
        };

        var calling = AllKinds.CallAsync(server.BareClient, "unary", default);
        var ctx = await WaitFor.Result(given.Task);
        _clock.Advance(s_hour);

        var failure = await Assert.ThrowsAsync<RpcException>(() => WaitFor.Completion(calling));
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.Equal(RequestTimeoutSource.Server, Assert.IsType<RequestTimeoutException>(ctx.Cause).TimeoutSource);
    }

    [Theory]
    [InlineData("unary", true)]
    [InlineData("client", false)]
    [InlineData("server", false)]
    [InlineData("duplex", false)]
    public async Task A_timeout_of_the_servers_own_is_not_for_streams(string kind, bool applies)
    {
        TimeSpan? left = null;
        await using var server = await StartAsync(static options => options.Timeout = s_hour);
        server.Methods.All = call =>
        {
            left = call.RequestContext.Remaining;
            return Task.CompletedTask;
        };

        await WaitFor.Completion(AllKinds.CallAsync(server.BareClient, kind, default));

        Assert.Equal(applies ? s_hour : Timeout.InfiniteTimeSpan, left);
    }

    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task gRPCs_own_token_ends_with_the_context(string kind)
    {
        var given = new TaskCompletionSource();
        await using var server = await StartAsync();
        server.Methods.All = async call =>
        {
            var canceled = new TaskCompletionSource();
            call.CancellationToken.Register(canceled.SetResult);
            given.SetResult();
            await canceled.Task;
            call.CancellationToken.ThrowIfCancellationRequested();
        };

        var calling = AllKinds.CallAsync(
            server.BareClient, kind, new CallOptions(deadline: SystemNow() + s_hour));
        await WaitFor.Completion(given.Task);
        _clock.Advance(s_hour);

        var failure = await Assert.ThrowsAsync<RpcException>(() => WaitFor.Completion(calling));
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    }

    private Task<ProbeServer> StartAsync(Action<BatonOptions>? configure = null) =>
        ProbeServer.StartAsync(builder => builder.Services.AddBaton(options =>
        {
            options.BaseContext = Context.Root(_clock);
            configure?.Invoke(options);
        }));

    // gRPC's client keeps deadlines by the system's clock.
    private static DateTime SystemNow() => TimeProvider.System.GetUtcNow().UtcDateTime;
}
