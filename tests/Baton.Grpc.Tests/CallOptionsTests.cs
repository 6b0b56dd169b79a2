using Grpc.Net.Client;
using Microsoft.Extensions.Time.Testing;

namespace Baton.Grpc.Tests;

public sealed class CallOptionsTests
{
    private static readonly ContextKey<string> s_tenant = new("tenant");

    [Fact]
    public async Task Without_the_interceptor_the_deadline_and_the_token_still_go_along()
    {
        await using var server = await ProbeServer.StartAsync();
        var started = new TaskCompletionSource<DateTime>();
        server.Methods.All = call =>
        {
            started.SetResult(call.Deadline);
            return call.RequestContext.Delay(TimeSpan.FromHours(1));
        };
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));

        var calling = AllKinds.CallAsync(server.BareClient, "unary", ctx.ToCallOptions());
        var deadline = await WaitFor.Result(started.Task);
        ctx.Cancel();

        var failure = await Assert.ThrowsAsync<RpcException>(() => WaitFor.Completion(calling));
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        Assert.Equal(1, (deadline - TimeProvider.System.GetUtcNow().UtcDateTime).TotalHours, 0.01);
    }

    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task Without_the_interceptor_a_deadline_that_passes_is_always_DeadlineExceeded(string kind)
    {
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = static call => call.RequestContext.Delay(TimeSpan.FromHours(1));
        var statuses = await WaitFor.Result(Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => StatusAsync(TimeSpan.FromMilliseconds(30 + (7 * i))))));

        Assert.All(statuses, static status => Assert.Equal(StatusCode.DeadlineExceeded, status));

        async Task<StatusCode> StatusAsync(TimeSpan timeout)
        {
            using var ctx = Context.Background.WithTimeout(timeout);
            return (await Assert.ThrowsAsync<RpcException>(() =>
                AllKinds.CallAsync(server.BareClient, kind, ctx.ToCallOptions()))).StatusCode;
        }
    }

    [Fact]
    public async Task Without_the_interceptor_a_deadline_on_another_clock_ends_the_call_when_it_passes_there()
    {
        await using var server = await ProbeServer.StartAsync();
        var started = new TaskCompletionSource();
        server.Methods.All = call =>
        {
            started.SetResult();
            return call.RequestContext.Delay(TimeSpan.FromHours(1));
        };
        var clock = new FakeTimeProvider();
        using var ctx = Context.Root(clock).WithTimeout(TimeSpan.FromHours(1));

        var calling = AllKinds.CallAsync(server.BareClient, "unary", ctx.ToCallOptions());
        await WaitFor.Completion(started.Task);
        clock.Advance(TimeSpan.FromHours(1));

        var failure = await Assert.ThrowsAsync<RpcException>(() => WaitFor.Completion(calling));
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
    }

    [Fact]
    public async Task All_calls_under_one_context_share_a_token_which_knows_that_context()
    {
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = static call => call.RequestContext.Delay(TimeSpan.FromHours(1));
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));
        var options = ctx.ToCallOptions();

        Assert.Equal(options.CancellationToken, ctx.ToCallOptions().CancellationToken);
        Assert.Equal(options.CancellationToken, ctx.WithValue(s_tenant, "one").ToCallOptions().CancellationToken);
        Assert.Equal(options.CancellationToken, options.WithContext(ctx).CancellationToken);

        // Another interceptor may leave out the headers, in which the context goes.
        var calling = AllKinds.CallAsync(server.Client, "unary", options.WithHeaders([]));
        var cause = new InvalidOperationException("no longer wanted");
        ctx.Cancel(cause);

        var failure = await Assert.ThrowsAsync<ContextCanceledException>(() => WaitFor.Completion(calling));
        Assert.Same(cause, failure.InnerException);
        await WaitFor.True(() => options.CancellationToken.IsCancellationRequested);
    }

    [Fact]
    public async Task Options_keep_no_context_that_was_dropped()
    {
        using var process = Context.Background.WithTimeout(TimeSpan.FromHours(1));

        var dropped = Drop(process);

        await WaitFor.True(() =>
        {
            GC.Collect();
            return !dropped.IsAlive;
        });

        static WeakReference Drop(Context parent)
        {
            using var ctx = parent.WithTimeout(TimeSpan.FromMinutes(1));
            Assert.True(ctx.ToCallOptions().CancellationToken.CanBeCanceled);
            return new WeakReference(ctx);
        }
    }

    [Fact]
    public void The_rest_of_the_options_stays()
    {
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime;
        var write = new WriteOptions(WriteFlags.NoCompress);
        var headers = new Metadata { { "x-one", "1" } };
        using var ctx = Context.Background.WithCancel();

        var options = new CallOptions(headers, deadline, writeOptions: write)
            .WithWaitForReady().WithContext(ctx);

        Assert.Equal((deadline, ctx.Done), (options.Deadline, options.CancellationToken));
        Assert.Same(write, options.WriteOptions);
        Assert.True(options.IsWaitForReady);
        Assert.Equal("1", options.Headers!.GetValue("x-one"));
        Assert.Single(headers);
    }

    [Fact]
    public async Task They_may_be_used_for_several_calls_and_carry_the_values_set_last()
    {
        await using var server = await ProbeServer.StartAsync();
        var seen = new List<string?>();
        server.Methods.Unary = (note, call) =>
        {
            seen.Add(call.RequestHeaders.GetValue("x-tenant"));
            seen.Add(call.GetHttpContext().Request.Headers["grpc-timeout"]);
            return Task.FromResult(note);
        };
        var interceptor = new BatonClientInterceptor(new BatonGrpcOptions
        {
            Address = server.Address,
            Propagation = new ContextPropagation { SendTo = ["127.0.0.1"] }.Register(
                s_tenant, "x-tenant", ContextCodec.Text),
        });
        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new Probe.ProbeClient(channel.Intercept(interceptor));
        var options = Context.Background.WithValue(s_tenant, "first").ToCallOptions();

        await client.UnaryAsync(new Note(), options);
        await client.UnaryAsync(new Note(), options);
        await client.UnaryAsync(
            new Note(), options.WithContext(Context.Background.WithValue(s_tenant, "second")));

        Assert.Equal(["first", null, "first", null, "second", null], seen);
    }

    [Fact]
    public void A_token_of_another_is_refused()
    {
        using var other = new CancellationTokenSource();
        var options = new CallOptions(cancellationToken: other.Token);

        var refusal = Assert.Throws<ArgumentException>(() => options.WithContext(Context.Background));

        Assert.Contains("ctx.WithCancel(token)", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("options", refusal.ParamName);
    }

    [Fact]
    public void A_context_that_is_null_is_refused() =>
        Assert.Throws<ArgumentNullException>("ctx", () => default(CallOptions).WithContext(null!));
}
