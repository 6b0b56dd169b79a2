using Grpc.Core;

namespace Baton.Grpc;

/// <summary>
/// A stream of responses. If the context ends it, it fails with the context's own exception.
/// </summary>
internal sealed class ClientStreamReader<T>(IAsyncStreamReader<T> inner, ClientCall call)
    : IAsyncStreamReader<T>
{
    public T Current => inner.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        try
        {
            call.ThrowIfDone();
            var isThere = await call.Within(inner.MoveNext(cancellationToken)).ConfigureAwait(false);
            if (!isThere)
            {
                call.End();
            }

            return isThere;
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            // The call is over. Any other exception is about how the stream was used, and the call continues.
            call.End(e);
            throw;
        }
    }
}
