using Grpc.Net.Client;

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

    [Fact]
    public void The_rest_of_the_options_stays()
    {
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime;
        var write = new WriteOptions(WriteFlags.NoCompress);
        var headers = new Metadata { { "x-one", "1" } };
        using var ctx = Context.Background.WithTimeout(TimeSpan.FromHours(1));

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
