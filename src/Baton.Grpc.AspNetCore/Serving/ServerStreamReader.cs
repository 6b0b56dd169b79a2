using Grpc.Core;

namespace Baton.Grpc.AspNetCore;

/// <summary>
/// A stream of requests that ends with the context of its call, unless the method gives a token of its own.
/// </summary>
[ContextCarrier]
internal sealed class ServerStreamReader<T>(IAsyncStreamReader<T> inner, Context ctx) : IAsyncStreamReader<T>
{
    public T Current => inner.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        // gRPC's own reader throws an InvalidOperationException once the request is over, which says nothing
        // of why.
        ctx.ThrowIfDone();
        try
        {
            return await inner.MoveNext(
                cancellationToken.CanBeCanceled ? cancellationToken : ctx).ConfigureAwait(false);
        }
        catch (Exception e) when (CallEnd.MayBe(ctx, e, cancellationToken))
        {
            await CallEnd.ThrowAsync(ctx, e).ConfigureAwait(false);
            throw;
        }
    }
}
