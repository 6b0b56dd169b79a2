namespace Baton.Grpc.Tests;

/// <summary>Calls that a thread with a synchronization context of its own blocks on.</summary>
public sealed class BlockingCallTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// gRPC says that the deadline has passed a little before the context's own timer does, and the call
    /// waits for that.
    /// </summary>
    [Theory]
    [InlineData("response")]
    [InlineData("headers")]
    [InlineData("read")]
    [InlineData("write")]
    public async Task A_call_that_waits_for_the_end_of_its_context_does_not_need_the_blocked_thread(
        string part)
    {
        using var ctx = Context.Background.WithTimeout(s_timeout);
        var client = new Probe.ProbeClient(new FailedInvoker().Intercept(new BatonClientInterceptor()));
        var options = new CallOptions(cancellationToken: ctx);
        using var thread = new SingleThread();

        var (called, ended) = thread.Block(() => part switch
        {
            "response" => client.UnaryAsync(new Note(), options).ResponseAsync,
            "headers" => client.UnaryAsync(new Note(), options).ResponseHeadersAsync,
            "read" => client.Duplex(options).ResponseStream.MoveNext(CancellationToken.None),
            _ => client.Duplex(options).RequestStream.WriteAsync(new Note()),
        });
        await WaitFor.Completion(called);

        await Assert.ThrowsAsync<DeadlineExceededException>(() => WaitFor.Completion(ended));
    }

    /// <summary>Fails at once, so that a call never leaves the thread of its caller.</summary>
    private sealed class FailedInvoker : CallInvoker
    {
        private static RpcException Late => new(new Status(StatusCode.DeadlineExceeded, "late"));

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => new(
            Task.FromException<TResponse>(Late),
            Task.FromException<Metadata>(Late),
            static () => Late.Status,
            static () => [],
            static () => { });

        public override AsyncDuplexStreamingCall<TRequest, TResponse>
            AsyncDuplexStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => new(
            new FailedWriter<TRequest>(),
            new FailedReader<TResponse>(),
            Task.FromException<Metadata>(Late),
            static () => Late.Status,
            static () => [],
            static () => { });

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            throw Late;

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            throw Late;

        public override AsyncClientStreamingCall<TRequest, TResponse>
            AsyncClientStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) =>
            throw Late;

        private sealed class FailedReader<T> : IAsyncStreamReader<T>
        {
            public T Current => throw Late;

            public Task<bool> MoveNext(CancellationToken cancellationToken) =>
                Task.FromException<bool>(Late);
        }

        private sealed class FailedWriter<T> : IClientStreamWriter<T>
        {
            public WriteOptions? WriteOptions { get; set; }

            public Task CompleteAsync() => Task.FromException(Late);

            public Task WriteAsync(T message) => Task.FromException(Late);
        }
    }
}
