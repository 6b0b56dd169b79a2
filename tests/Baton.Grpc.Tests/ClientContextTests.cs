using System.Net;
using System.Net.Sockets;
using Grpc.Net.Client;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Grpc.Tests;

/// <summary>What of a context reaches a call, and what the caller gets when it ends.</summary>
public sealed class ClientContextTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    /// <summary>Statuses of a peer, to each kind of call.</summary>
    public static readonly MatrixTheoryData<string, StatusCode> Answers = new(
        AllKinds.Names.Select(static name => name.Data),
        [StatusCode.NotFound, StatusCode.Cancelled, StatusCode.DeadlineExceeded, StatusCode.Unavailable]);

    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task The_end_of_the_context_ends_the_call_on_both_sides(string kind)
    {
        var cause = new InvalidOperationException("no longer wanted");
        var started = new TaskCompletionSource<Context>();
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = call => Wait(call, started);
        using var ctx = Context.Background.WithCancel();

        var calling = AllKinds.CallAsync(server.Client, kind, new CallOptions(cancellationToken: ctx));
        var remote = await WaitFor.Result(started.Task);
        ctx.Cancel(cause);

        var failure = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(calling));
        Assert.Same(cause, failure.InnerException);
        Assert.Equal(ctx.Done, failure.CancellationToken);
        Assert.Equal(StatusCode.Cancelled, Assert.IsType<RpcException>(failure.TransportException).StatusCode);
        await WaitFor.True(() => remote.IsDone);
        Assert.IsType<ClientDisconnectedException>(remote.Cause);
    }

    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task The_deadline_of_the_context_ends_the_call(string kind)
    {
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = call => call.RequestContext.Delay(s_hour);
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromMilliseconds(50));

        var failure = await Assert.ThrowsAsync<DeadlineExceededException>(() =>
            WaitFor.Completion(AllKinds.CallAsync(server.Client, kind, ctx.ToCallOptions())));

        Assert.True(ctx.IsDone);
        Assert.Equal(TimeSpan.FromMilliseconds(50), failure.Timeout);

        // On a busy machine the context ends before gRPC's client has thrown anything.
        Assert.True(failure.TransportException is null or RpcException);
    }

    [Fact]
    public async Task A_blocking_call_ends_with_it_too()
    {
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = call => call.RequestContext.Delay(s_hour);
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromMilliseconds(50));

        var calling = Task.Run(() => server.Client.Unary(new Note(), cancellationToken: ctx));

        await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(calling));
    }

    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task A_context_that_is_done_opens_no_connection(string kind)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var channel = GrpcChannel.ForAddress($"http://{listener.LocalEndpoint}");
        var client = new Probe.ProbeClient(channel.Intercept(new BatonClientInterceptor()));
        using var ctx = Context.Background.WithTimeout(TimeSpan.Zero);

        await Assert.ThrowsAsync<DeadlineExceededException>(() =>
            WaitFor.Completion(AllKinds.CallAsync(client, kind, ctx.ToCallOptions())));

        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task The_earlier_of_the_contexts_deadline_and_the_calls_own_goes_out()
    {
        await using var server = await ProbeServer.StartAsync();
        var lefts = new List<TimeSpan>();
        server.Methods.Unary = (note, call) =>
        {
            lefts.Add(call.Deadline - SystemNow());
            return Task.FromResult(note);
        };
        using var ctx = Context.Background.WithTimeout(s_hour);

        await server.Client.UnaryAsync(new Note(), deadline: Later(2 * s_hour), cancellationToken: ctx);
        await server.Client.UnaryAsync(new Note(), deadline: Later(s_hour / 2), cancellationToken: ctx);
        await server.Client.UnaryAsync(new Note(), cancellationToken: ctx);

        Assert.Equal([1, 0.5, 1], lefts.Select(left => Math.Round(left.TotalHours, 2)));
    }

    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task A_deadline_of_the_calls_own_that_passes_is_gRPCs_own_failure(string kind)
    {
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = call => call.RequestContext.Delay(s_hour);
        using var ctx = Context.Background.WithTimeout(s_hour);

        var failure = await Assert.ThrowsAsync<RpcException>(() =>
            WaitFor.Completion(AllKinds.CallAsync(
                server.Client, kind,
                new CallOptions(deadline: Later(TimeSpan.FromMilliseconds(50)), cancellationToken: ctx))));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.False(ctx.IsDone);
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task What_the_peer_answers_comes_unchanged_while_the_context_is_live(
        string kind, StatusCode code)
    {
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = _ => throw new RpcException(new Status(code, "by the peer"));
        using var ctx = Context.Background.WithTimeout(s_hour);

        var failure = await Assert.ThrowsAsync<RpcException>(() =>
            WaitFor.Completion(AllKinds.CallAsync(server.Client, kind, ctx.ToCallOptions())));

        Assert.Equal((code, "by the peer"), (failure.StatusCode, failure.Status.Detail));
    }

    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task A_network_that_fails_is_gRPCs_own_failure(string kind)
    {
        // A port that is taken, and at which nobody listens.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var channel = GrpcChannel.ForAddress($"http://{socket.LocalEndPoint}");
        var client = new Probe.ProbeClient(channel.Intercept(new BatonClientInterceptor()));
        using var ctx = Context.Background.WithTimeout(s_hour);

        var failure = await Assert.ThrowsAsync<RpcException>(() =>
            WaitFor.Completion(AllKinds.CallAsync(client, kind, ctx.ToCallOptions())));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    [Fact]
    public async Task An_answer_stays_what_it_is_even_if_the_context_has_ended_by_then()
    {
        using var ctx = Context.Background.WithCancel();
        using var channel = GrpcChannel.ForAddress("http://localhost");
        var answering = new Watching
        {
            Answer = () =>
            {
                ctx.Cancel();
                throw new RpcException(new Status(StatusCode.NotFound, "no such thing"));
            },
        };
        var client = new Probe.ProbeClient(
            channel.Intercept(answering).Intercept(new BatonClientInterceptor()));

        var failure = await Assert.ThrowsAsync<RpcException>(
            () => WaitFor.Completion(client.UnaryAsync(new Note(), cancellationToken: ctx).ResponseAsync));

        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
    }

    [Fact]
    public async Task A_call_outside_any_context_goes_out_unchanged()
    {
        await using var server = await ProbeServer.StartAsync();
        DateTime? deadline = null;
        server.Methods.Unary = (note, call) =>
        {
            deadline = call.Deadline;
            return Task.FromResult(note);
        };
        using var token = new CancellationTokenSource();

        await server.Client.UnaryAsync(new Note(), cancellationToken: token.Token);

        Assert.Equal(DateTime.MaxValue, deadline);
    }

    [Fact]
    public async Task The_clock_of_the_context_says_how_much_is_left()
    {
        await using var server = await ProbeServer.StartAsync();
        var left = TimeSpan.Zero;
        server.Methods.Unary = (note, call) =>
        {
            left = call.Deadline - SystemNow();
            return Task.FromResult(note);
        };
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        using var ctx = Context.Root(clock).WithTimeout(s_hour);
        clock.Advance(s_hour / 2);

        await server.Client.UnaryAsync(new Note(), cancellationToken: ctx);

        Assert.Equal(0.5, left.TotalHours, 0.01);
    }

    private static Task Wait(ServerCallContext call, TaskCompletionSource<Context> started)
    {
        started.SetResult(call.RequestContext);
        return call.RequestContext.Delay(s_hour);
    }

    private static DateTime Later(TimeSpan time) => SystemNow() + time;

    // gRPC keeps deadlines by the system's clock.
    private static DateTime SystemNow() => TimeProvider.System.GetUtcNow().UtcDateTime;
}
