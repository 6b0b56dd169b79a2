using Grpc.Core;

namespace Baton.Grpc;

/// <summary>
/// A stream of requests. If the context ends it, it fails with the context's own exception.
/// </summary>
internal sealed class ClientStreamWriter<T>(IClientStreamWriter<T> inner, ClientCall call)
    : IClientStreamWriter<T>
{
    public WriteOptions? WriteOptions
    {
        get => inner.WriteOptions;
        set => inner.WriteOptions = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        call.ThrowIfDone();
        await call.Within(inner.WriteAsync(message, cancellationToken)).ConfigureAwait(false);
    }

    public async Task CompleteAsync()
    {
        call.ThrowIfDone();
        await call.Within(inner.CompleteAsync()).ConfigureAwait(false);
    }
}
