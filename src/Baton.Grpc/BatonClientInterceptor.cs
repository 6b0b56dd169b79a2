using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Baton.Grpc;

/// <summary>
/// Makes a client's calls end with their context: <c>channel.Intercept(new BatonClientInterceptor())</c>.
/// </summary>
/// <remarks>
/// <para>
/// The context of a call is the one given by <see cref="BatonCallOptionsExtensions.WithContext"/>, else the
/// one that the call's token belongs to (<c>cancellationToken: ctx</c>), else that of
/// <see cref="BatonGrpcOptions.ContextAccessor"/>. A call without any goes out unchanged.
/// </para>
/// <para>
/// The call takes the context's deadline, if its own is not earlier, and its cancellation, also beside a
/// token of its own. If the context ends the call, the call, its streams and its headers fail with the
/// context's own exception: its cause is inside, and gRPC's exception is its <see
/// cref="ContextException.TransportException"/>. A status that the service returns, and a failure with
/// another reason, is gRPC's <see cref="RpcException"/>, unchanged.
/// </para>
/// <para>
/// Add it last, closest to the wire, so that it sends the time that remains then. One interceptor may serve
/// any number of channels and threads. A second one on the same channel changes nothing.
/// </para>
/// </remarks>
public sealed class BatonClientInterceptor : Interceptor
{
    private readonly Outgoing _outgoing;

    /// <summary>An interceptor for calls that are given their context, which sends no values.</summary>
    public BatonClientInterceptor()
        : this(new BatonGrpcOptions())
    {
    }

    /// <summary>An interceptor that does what the options say.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public BatonClientInterceptor(BatonGrpcOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _outgoing = new Outgoing(options);
    }

    /// <summary>An interceptor of an application, whose meter it uses.</summary>
    internal BatonClientInterceptor(BatonGrpcOptions options, IServiceProvider services) =>
        _outgoing = new Outgoing(options, services);

    /// <inheritdoc/>
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        return Of(context) is { } call
            ? call.Block(() => continuation(request, With(context, call)))
            : continuation(request, context);
    }

    /// <inheritdoc/>
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        if (Of(context) is not { } call)
        {
            return continuation(request, context);
        }

        var inner = call.Begin(() => continuation(request, With(context, call)));
        var response = call.ToEnd(inner.ResponseAsync);
        return new AsyncUnaryCall<TResponse>(
            response,
            _ => call.Headers(inner.ResponseHeadersAsync),
            _ => inner.GetStatus(),
            _ => inner.GetTrailers(),
            _ => call.Leave(inner, response),
            call);
    }

    /// <inheritdoc/>
    public override AsyncClientStreamingCall<TRequest, TResponse>
        AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        if (Of(context) is not { } call)
        {
            return continuation(context);
        }

        var inner = call.Begin(() => continuation(With(context, call)));
        var response = call.ToEnd(inner.ResponseAsync);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            new ClientStreamWriter<TRequest>(inner.RequestStream, call),
            response,
            _ => call.Headers(inner.ResponseHeadersAsync),
            _ => inner.GetStatus(),
            _ => inner.GetTrailers(),
            _ => call.Leave(inner, response),
            call);
    }

    /// <inheritdoc/>
    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        if (Of(context) is not { } call)
        {
            return continuation(request, context);
        }

        var inner = call.Begin(() => continuation(request, With(context, call)));
        return new AsyncServerStreamingCall<TResponse>(
            new ClientStreamReader<TResponse>(inner.ResponseStream, call),
            _ => call.Headers(inner.ResponseHeadersAsync),
            _ => inner.GetStatus(),
            _ => inner.GetTrailers(),
            _ => call.Leave(inner, null),
            call);
    }

    /// <inheritdoc/>
    public override AsyncDuplexStreamingCall<TRequest, TResponse>
        AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        if (Of(context) is not { } call)
        {
            return continuation(context);
        }

        var inner = call.Begin(() => continuation(With(context, call)));
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            new ClientStreamWriter<TRequest>(inner.RequestStream, call),
            new ClientStreamReader<TResponse>(inner.ResponseStream, call),
            _ => call.Headers(inner.ResponseHeadersAsync),
            _ => inner.GetStatus(),
            _ => inner.GetTrailers(),
            _ => call.Leave(inner, null),
            call);
    }

    private ClientCall? Of<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class
        where TResponse : class => _outgoing.Start(context.Options, context.Method.FullName);

    private static ClientInterceptorContext<TRequest, TResponse> With<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, ClientCall call)
        where TRequest : class
        where TResponse : class => new(context.Method, context.Host, call.Options);
}
