namespace Baton.Grpc.Tests;

/// <summary>An interceptor that sees the options that calls go out with, and may answer one itself.</summary>
internal sealed class Watching : Interceptor
{
    internal CallOptions Options { get; private set; }

    /// <summary>What unary calls come to, instead of going out. Null: they go out.</summary>
    internal Func<object>? Answer { get; init; }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        Options = context.Options;
        return Answer is null ? continuation(request, context) : new AsyncUnaryCall<TResponse>(
            AnswerAsync<TResponse>(),
            Task.FromResult(Metadata.Empty),
            static () => Status.DefaultSuccess,
            static () => Metadata.Empty,
            static () => { });
    }

    public override AsyncClientStreamingCall<TRequest, TResponse>
        AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        Options = context.Options;
        return continuation(context);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        Options = context.Options;
        return continuation(request, context);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse>
        AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        Options = context.Options;
        return continuation(context);
    }

    private async Task<TResponse> AnswerAsync<TResponse>()
    {
        await Task.Yield();
        return (TResponse)Answer!();
    }
}
