namespace Baton.Grpc.AspNetCore.Tests;

/// <summary>What a client that knows nothing of Baton is told.</summary>
public sealed class ServerStatusTests
{
    private static readonly Exception s_cause = new InvalidOperationException("maintenance");

    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task A_method_that_leaves_because_its_context_was_canceled_gives_Cancelled(string kind)
    {
        using var baseContext = Context.Background.WithCancel();
        await using var server = await ProbeServer.StartAsync(
            builder => builder.Services.AddBaton(options => options.BaseContext = baseContext));
        server.Methods.All = async call =>
        {
            baseContext.Cancel(s_cause);
            await call.RequestContext.Delay(TimeSpan.FromHours(1));
        };

        var failure = await Failure(server, kind);

        Assert.Equal((StatusCode.Cancelled, "context canceled"), (failure.StatusCode, failure.Status.Detail));
    }

    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task A_server_that_stops_gives_Unavailable(string kind)
    {
        var given = new TaskCompletionSource();
        await using var server = await ProbeServer.StartAsync(
            static builder =>
                builder.Services.AddBaton(static options => options.ShutdownGrace = TimeSpan.Zero));
        server.Methods.All = call =>
        {
            given.SetResult();
            return call.RequestContext.Delay(TimeSpan.FromHours(1));
        };

        var failing = Failure(server, kind);
        await WaitFor.Completion(given.Task);
        var stopping = server.App.StopAsync();

        var failure = await failing;
        Assert.Equal(
            (StatusCode.Unavailable, "server is shutting down"), (failure.StatusCode, failure.Status.Detail));
        await WaitFor.Completion(stopping);
    }

    [Theory]
    [MemberData(nameof(AllKinds.Names), MemberType = typeof(AllKinds))]
    public async Task A_method_that_passes_a_deadline_of_its_own_gives_DeadlineExceeded(string kind)
    {
        await using var server = await ProbeServer.StartAsync();
        server.Methods.All = call =>
        {
            using var budget = call.RequestContext.WithTimeout(TimeSpan.Zero);
            budget.ThrowIfDone();
            return Task.CompletedTask;
        };

        var failure = await Failure(server, kind);

        Assert.Equal(
            (StatusCode.DeadlineExceeded, "context deadline exceeded"),
            (failure.StatusCode, failure.Status.Detail));
    }

    [Fact]
    public async Task The_end_of_the_request_goes_before_that_of_a_context_below()
    {
        using var baseContext = Context.Background.WithCancel();
        await using var server = await ProbeServer.StartAsync(
            builder => builder.Services.AddBaton(options => options.BaseContext = baseContext));
        server.Methods.All = call =>
        {
            using var budget = call.RequestContext.WithTimeout(TimeSpan.Zero);
            baseContext.Cancel(s_cause);
            budget.ThrowIfDone();
            return Task.CompletedTask;
        };

        Assert.Equal(StatusCode.Cancelled, (await Failure(server, "unary")).StatusCode);
    }

    [Fact]
    public async Task The_failure_of_a_call_further_on_becomes_the_end_that_it_shares()
    {
        using var baseContext = Context.Background.WithCancel();
        await using var server = await ProbeServer.StartAsync(
            builder => builder.Services.AddBaton(options => options.BaseContext = baseContext));
        server.Methods.All = call =>
        {
            baseContext.Cancel(s_cause);
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, "of the call further on"));
        };

        Assert.Equal(StatusCode.Cancelled, (await Failure(server, "unary")).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_status_that_the_method_chose_stays(bool isDone)
    {
        using var baseContext = Context.Background.WithCancel();
        await using var server = await ProbeServer.StartAsync(
            builder => builder.Services.AddBaton(options => options.BaseContext = baseContext));
        server.Methods.All = call =>
        {
            if (isDone)
            {
                baseContext.Cancel(s_cause);
            }

            throw new RpcException(new Status(StatusCode.NotFound, "no such thing"));
        };

        Assert.Equal(StatusCode.NotFound, (await Failure(server, "unary")).StatusCode);
    }

    [Fact]
    public async Task A_cancellation_of_something_else_is_the_error_it_was()
    {
        await using var server = await ProbeServer.StartAsync(expectedError: "of something else");
        server.Methods.All = _ => throw new OperationCanceledException("of something else");

        Assert.Equal(StatusCode.Unknown, (await Failure(server, "unary")).StatusCode);
    }

    [Fact]
    public async Task An_answer_given_after_the_end_is_believed()
    {
        using var baseContext = Context.Background.WithCancel();
        await using var server = await ProbeServer.StartAsync(
            builder => builder.Services.AddBaton(options => options.BaseContext = baseContext));
        server.Methods.Unary = async (_, call) =>
        {
            baseContext.Cancel(s_cause);
            await Select.Done(call.RequestContext);
            return new Note { Text = "all the same" };
        };

        Assert.Equal("all the same", (await server.BareClient.UnaryAsync(new Note())).Text);
    }

    [Fact]
    public async Task What_was_thrown_stays_inside_for_an_interceptor_further_out()
    {
        var seen = new Seen();
        await using var server = await ProbeServer.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(seen);
                builder.Services.AddGrpc(static options => options.Interceptors.Add<Seeing>()).AddBatonInterceptor();
            },
            static app =>
            {
                app.UseBaton();
                app.MapGrpcService<ProbeService>();
            });
        server.Methods.All = call =>
        {
            using var budget = call.RequestContext.WithTimeout(TimeSpan.Zero, s_cause);
            budget.ThrowIfDone();
            return Task.CompletedTask;
        };

        await Failure(server, "unary");

        var inside = Assert.IsType<DeadlineExceededException>(seen.Failure!.Status.DebugException);
        Assert.Same(s_cause, inside.InnerException);
    }

    [Fact]
    public async Task Without_UseBaton_a_message_says_what_to_call()
    {
        await using var server = await ProbeServer.StartAsync(
            static builder =>
                builder.Services.AddGrpc(static options => options.EnableDetailedErrors = true).AddBatonInterceptor(),
            static app => app.MapGrpcService<ProbeService>(),
            expectedError: "Call app.UseBaton()");

        Assert.Contains(
            "Call app.UseBaton()", (await Failure(server, "unary")).Status.Detail, StringComparison.Ordinal);
    }

    private static async Task<RpcException> Failure(ProbeServer server, string kind) =>
        await Assert.ThrowsAsync<RpcException>(
            () => WaitFor.Completion(AllKinds.CallAsync(server.BareClient, kind, default)));

    private sealed class Seen
    {
        internal RpcException? Failure { get; set; }
    }

    private sealed class Seeing(Seen seen) : Interceptor
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            try
            {
                return await continuation(request, context);
            }
            catch (RpcException e)
            {
                seen.Failure = e;
                throw;
            }
        }
    }
}
