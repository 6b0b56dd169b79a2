using Grpc.Net.Client;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Grpc.Tests;

/// <summary>Whoever listens is told of calls that begin and end.</summary>
public sealed class CallEventTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static TheoryData<string> Kinds => ["unary", "blocking", "client", "server", "duplex"];

    public static TheoryData<string, string> All
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var kind in Kinds)
            {
                foreach (var end in (string[])
                    ["responds", "fails", "is canceled", "passes its deadline", "is canceled by its own token"])
                {
                    all.Add(kind.Data, end);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_call_is_told_of_once_and_so_is_its_end(string kind, string end)
    {
        await using var server = await StartAsync(end);
        using var ctx = Context.Root(_clock).WithTimeout(s_minute);
        using var own = new CancellationTokenSource();
        using var calls = new CallListener("Baton.Grpc", ctx);
        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new Probe.ProbeClient(channel.Intercept(new BatonClientInterceptor(
            new BatonGrpcOptions { ContextAccessor = new AccessorOf(ctx) })));

        var calling = CallAsync(client, kind, end == "is canceled by its own token"
            ? new CallOptions(cancellationToken: own.Token)
            : ctx.ToCallOptions());
        await WaitFor.Completion(_arrived.Task);
        Assert.Equal([CallListener.Start], calls.Names);
        await EndAsync(end, ctx, own);
        var failure = await Record.ExceptionAsync(() => WaitFor.Completion(calling));

        Assert.Equal(end == "responds", failure is null);
        Assert.Equal([CallListener.Start, CallListener.Stop], calls.Names);
        Assert.Same(calls.Begun[0], calls.Ended[0]);
        _released.TrySetResult();
    }

    [Fact]
    public async Task It_tells_whom_it_calls_and_what_and_what_time_it_has()
    {
        await using var server = await ProbeServer.StartAsync();
        using var ctx = Context.Root(_clock).WithTimeout(s_minute);
        using var calls = new CallListener("Baton.Grpc", ctx);
        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new Probe.ProbeClient(channel.Intercept(new BatonClientInterceptor(
            new BatonGrpcOptions { Address = new Uri("http://ann:secret@stock.example:8080/users/ann?x=1") })));

        await client.UnaryAsync(new Note { Text = "hat" }, ctx.ToCallOptions());

        var call = Assert.Single(calls.Begun);
        Assert.Equal(
            ("http://stock.example:8080", "/baton.tests.Probe/Unary", (TimeSpan?)s_minute),
            (call["Target"], call["Operation"], (TimeSpan?)call["Remaining"]));
        Assert.Equal(["Context", "Operation", "Remaining", "Target"], call.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_call_that_is_refused_is_not_told_of(string kind)
    {
        await using var server = await ProbeServer.StartAsync();
        using var ctx = Context.Root(_clock).WithCancel();
        ctx.Cancel();
        using var calls = new CallListener("Baton.Grpc", ctx);

        await Assert.ThrowsAsync<ContextCanceledException>(
            () => WaitFor.Completion(CallAsync(server.Client, kind, ctx.ToCallOptions())));

        Assert.Empty(calls.Names);
    }

    [Theory]
    [InlineData("unary")]
    [InlineData("server")]
    [InlineData("duplex")]
    public async Task A_call_that_cannot_be_started_has_ended(string kind)
    {
        using var ctx = Context.Root(_clock).WithTimeout(s_minute);
        using var calls = new CallListener("Baton.Grpc", ctx);
        var channel = GrpcChannel.ForAddress("http://stock.example");
        var client = new Probe.ProbeClient(channel.Intercept(new BatonClientInterceptor()));
        channel.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => CallAsync(client, kind, ctx.ToCallOptions()));

        Assert.Equal([CallListener.Start, CallListener.Stop], calls.Names);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_lasts_until_it_was_read_to_its_end_or_is_disposed(bool isRead)
    {
        await using var server = await ProbeServer.StartAsync();
        server.Methods.ServerStream = async (note, responses, _) =>
        {
            await responses.WriteAsync(note);
            await _released.Task;
        };
        using var ctx = Context.Root(_clock).WithTimeout(s_minute);
        using var calls = new CallListener("Baton.Grpc", ctx);
        using var call = server.Client.ServerStream(new Note(), ctx.ToCallOptions());
        Assert.True(await WaitFor.Result(call.ResponseStream.MoveNext(CancellationToken.None)));
        Assert.Equal([CallListener.Start], calls.Names);

        if (isRead)
        {
            _released.SetResult();
            Assert.False(await WaitFor.Result(call.ResponseStream.MoveNext(CancellationToken.None)));
        }
        else
        {
            call.Dispose();
        }

        Assert.Equal([CallListener.Start, CallListener.Stop], calls.Names);
        _released.TrySetResult();
    }

    [Fact]
    public async Task A_call_whose_response_nobody_awaits_ends_all_the_same()
    {
        await using var server = await StartAsync("responds");
        using var ctx = Context.Root(_clock).WithTimeout(s_minute);
        using var calls = new CallListener("Baton.Grpc", ctx);

        _ = server.Client.UnaryAsync(new Note(), ctx.ToCallOptions());
        await WaitFor.Completion(_arrived.Task);
        Assert.Equal([CallListener.Start], calls.Names);
        _released.SetResult();

        await WaitFor.True(() => calls.Names.Length == 2);
        Assert.Equal([CallListener.Start, CallListener.Stop], calls.Names);
    }

    private static Task CallAsync(Probe.ProbeClient client, string kind, CallOptions options) => kind == "blocking"
        ? Task.Run(() => client.Unary(new Note(), options))
        : AllKinds.CallAsync(client, kind, options);

    /// <summary>A service whose methods respond when the test says so. Where they are reset, gRPC logs it in several ways.</summary>
    private async Task<ProbeServer> StartAsync(string end)
    {
        var server = await ProbeServer.StartAsync(expectedError: "");
        server.Methods.All = async _ =>
        {
            _arrived.TrySetResult();
            await _released.Task;
            if (end == "fails")
            {
                throw new RpcException(new Status(StatusCode.FailedPrecondition, "no stock"));
            }
        };
        return server;
    }

    private async Task EndAsync(string end, CancelableContext ctx, CancellationTokenSource own)
    {
        switch (end)
        {
            case "responds" or "fails":
                _released.SetResult();
                break;
            case "is canceled":
                ctx.Cancel();
                break;
            case "passes its deadline":
                _clock.Advance(s_minute);
                break;
            default:
                await own.CancelAsync();
                break;
        }
    }

    /// <summary>The context of calls that are given none, only a token.</summary>
    [ContextCarrier]
    private sealed record AccessorOf(Context? Current) : IContextAccessor;
}
