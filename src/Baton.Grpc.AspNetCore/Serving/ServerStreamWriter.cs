using Grpc.Core;

namespace Baton.Grpc.AspNetCore;

/// <summary>
/// A stream of responses that ends with the context of its call, unless the method gives a token of its own.
/// </summary>
/// <remarks>
/// If its token is canceled, gRPC's writer resets the stream, and the client gets no status. So this writer
/// looks whether the context is done before each write. Only a write that waits for a client that does not
/// read is reset.
/// </remarks>
[ContextCarrier]
internal sealed class ServerStreamWriter<T>(IServerStreamWriter<T> inner, Context ctx)
    : IServerStreamWriter<T>
{
    public WriteOptions? WriteOptions
    {
        get => inner.WriteOptions;
        set => inner.WriteOptions = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ctx.ThrowIfDone();
        try
        {
            var token = cancellationToken.CanBeCanceled ? cancellationToken : ctx;
            await inner.WriteAsync(message, token).ConfigureAwait(false);
        }
        catch (Exception e) when (CallEnd.MayBe(ctx, e, cancellationToken))
        {
            await CallEnd.ThrowAsync(ctx, e).ConfigureAwait(false);
            throw;
        }
    }
}
