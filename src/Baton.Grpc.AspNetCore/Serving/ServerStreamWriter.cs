using Grpc.Core;

namespace Baton.Grpc.AspNetCore;

/// <summary>
/// A stream of responses that ends with the context of its call, unless the method gives a token of its own.
/// </summary>
/// <remarks>
/// gRPC's writer answers the cancellation of a token by a reset of the stream, after which the client gets no
/// status. So a context that is done already is seen here, before the writer is asked; what is reset is a
/// write that waits for a client that does not read.
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
