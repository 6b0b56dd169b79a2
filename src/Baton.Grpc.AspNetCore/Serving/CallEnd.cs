using Microsoft.AspNetCore.Http;

namespace Baton.Grpc.AspNetCore;

/// <summary>What a method gets from a stream whose call has ended.</summary>
internal static class CallEnd
{
    /// <summary>
    /// How long the server may take, after the transport has failed, to end the request. Kestrel takes less
    /// than a millisecond. The limit is for a server that would never do so: the method must not hang then.
    /// </summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether an exception of a read or a write may be how the transport noticed the end of the call.
    /// </summary>
    /// <param name="ctx">The context of the call.</param>
    /// <param name="thrown">What gRPC's stream threw.</param>
    /// <param name="own">A token that the method gave to the read or the write.</param>
    internal static bool MayBe(Context ctx, Exception thrown, CancellationToken own) => thrown switch
    {
        ContextException => false,
        OperationCanceledException => !own.IsCancellationRequested,

        // The request itself is at fault: it is too large or too slow.
        BadHttpRequestException => ctx.IsDone,
        IOException => true,

        // gRPC's streams refuse to be used once the request is over.
        InvalidOperationException => ctx.IsDone,
        _ => false,
    };

    /// <summary>
    /// Throws the context's exception, with the transport's inside. Returns if the context does not end.
    /// </summary>
    /// <remarks>
    /// Kestrel fails the reads of a request that its client has reset, and then cancels the request on
    /// another thread. Without waiting for that, the method would see an <see cref="IOException"/> without a
    /// cause, and gRPC would log the client's leaving as an error of the service.
    /// </remarks>
    internal static async Task ThrowAsync(Context ctx, Exception thrown)
    {
        if (!ctx.IsDone)
        {
            await Task.Delay(s_patience, TimeProvider.System, ctx)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (ctx.IsDone)
        {
            throw ctx.NewException(thrown);
        }
    }
}
