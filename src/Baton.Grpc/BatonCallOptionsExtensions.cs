using Baton;
using Baton.Grpc;

namespace Grpc.Core;

/// <summary>A call's options with its context.</summary>
public static class BatonCallOptionsExtensions
{
    /// <summary>
    /// Options for a call under <paramref name="ctx"/>: <c>client.ReserveAsync(request,
    /// ctx.ToCallOptions())</c>.
    /// </summary>
    /// <remarks>The same as <see cref="WithContext"/> of options that say nothing else.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="ctx"/> is null.</exception>
    public static CallOptions ToCallOptions(this Context ctx) => default(CallOptions).WithContext(ctx);

    /// <summary>The same options for a call that ends with <paramref name="ctx"/>.</summary>
    /// <remarks>
    /// <para>
    /// The call takes the context's deadline, if that is earlier than its own, its cancellation, and the
    /// values that are registered to cross. A client without Baton's interceptor takes the first two: its
    /// call fails with <see cref="StatusCode.DeadlineExceeded"/> if the deadline passes, and with <see
    /// cref="StatusCode.Cancelled"/> if the context is canceled.
    /// </para>
    /// <para>
    /// Of a context with a deadline, the token of the options is not <see cref="Context.Done"/>: it is
    /// canceled along with the context, but not when the deadline passes, because gRPC's client keeps the
    /// deadline itself.
    /// </para>
    /// <para>
    /// A context can be given as the call's token as well: <c>cancellationToken: ctx</c>. A token knows the
    /// context that it ends with, though, and not the values that were added below that one. The options may
    /// be used for several calls.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="ctx"/> is null.</exception>
    /// <exception cref="ArgumentException">The options have another token.</exception>
    public static CallOptions WithContext(this CallOptions options, Context ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        var token = options.CancellationToken;
        if (token.CanBeCanceled && !CallToken.IsOf(ctx, token))
        {
            throw new ArgumentException(
                "A call ends with one context, and these options have a token already. Give "
                + "ctx.WithCancel(token) instead.",
                nameof(options));
        }

        var headers = ContextEntry.AddTo(options.Headers, ctx);
        return Deadline.Shorten(
            options.WithHeaders(headers).WithCancellationToken(CallToken.Of(ctx)), ctx.Remaining);
    }
}
