using Grpc.Core;

namespace Baton.Grpc;

/// <summary>
/// A stream of answers that fails, when the context ends it, with the context's own exception.
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
                call.Dispose();
            }

            return isThere;
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            // The call is over. What else is thrown is about its use, and leaves it running.
            call.Dispose();
            throw;
        }
    }
}
