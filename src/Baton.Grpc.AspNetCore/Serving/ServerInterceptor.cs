using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Baton.Grpc.AspNetCore;

/// <summary>
/// Ends a service method with its call's context, and the call with a status that tells the cause.
/// </summary>
internal sealed class ServerInterceptor : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var ctx = context.RequestContext;
        try
        {
            return await continuation(request, context).ConfigureAwait(false);
        }
        catch (Exception e) when (StatusOf.IsByContext(e, ctx))
        {
            throw StatusOf.Exception(e, ctx);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var ctx = context.RequestContext;
        try
        {
            var reader = new ServerStreamReader<TRequest>(requestStream, ctx);
            return await continuation(reader, context).ConfigureAwait(false);
        }
        catch (Exception e) when (StatusOf.IsByContext(e, ctx))
        {
            throw StatusOf.Exception(e, ctx);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var ctx = context.RequestContext;
        try
        {
            var writer = new ServerStreamWriter<TResponse>(responseStream, ctx);
            await continuation(request, writer, context).ConfigureAwait(false);
        }
        catch (Exception e) when (StatusOf.IsByContext(e, ctx))
        {
            throw StatusOf.Exception(e, ctx);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var ctx = context.RequestContext;
        try
        {
            var reader = new ServerStreamReader<TRequest>(requestStream, ctx);
            var writer = new ServerStreamWriter<TResponse>(responseStream, ctx);
            await continuation(reader, writer, context).ConfigureAwait(false);
        }
        catch (Exception e) when (StatusOf.IsByContext(e, ctx))
        {
            throw StatusOf.Exception(e, ctx);
        }
    }
}
