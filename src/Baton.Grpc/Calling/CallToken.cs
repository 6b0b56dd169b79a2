using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Baton.Grpc;

/// <summary>The token of a call whose channel may have no interceptor of Baton's.</summary>
/// <remarks>
/// <para>
/// A call that has both a context's token and its deadline is ended by two timers, gRPC's and the context's,
/// at about the same time. If the token is first, gRPC's client says <c>Cancelled</c> of a deadline that has
/// passed. So the calls of a context with a deadline have a token that its deadline does not cancel: gRPC's
/// own timer then ends them, and says <c>DeadlineExceeded</c>. Canceling the context still cancels the token
/// at once.
/// </para>
/// <para>
/// All calls under one context share one token: a token for each call would be held by the context until that
/// ends.
/// </para>
/// </remarks>
[ContextCarrier]
internal static class CallToken
{
    /// <summary>
    /// How long after its deadline a context cancels the token after all. gRPC counts down to an instant of
    /// the wall clock. If that clock was set back after the options were made, gRPC would let the call
    /// continue.
    /// </summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>For each context with a deadline that has made calls, the context whose token they have.</summary>
    private static readonly ConditionalWeakTable<Context, Context> s_tokens = [];

    /// <summary>The same pairs, found by the other one.</summary>
    private static readonly ConditionalWeakTable<Context, Context> s_owners = [];

    /// <summary>The token for calls under <paramref name="ctx"/>.</summary>
    internal static CancellationToken Of(Context ctx) =>
        ctx.Remaining != Timeout.InfiniteTimeSpan && Context.TryFromToken(ctx.Done, out var owner)
            ? s_tokens.GetValue(owner, Make).Done
            : ctx.Done;

    /// <summary>Whether a call with this token is ended by <paramref name="ctx"/> alone.</summary>
    internal static bool IsOf(Context ctx, CancellationToken token) =>
        token == ctx.Done || (TryFindContext(token, out var owner) && owner.Done == ctx.Done);

    /// <summary>Finds the context whose token, for itself or for its calls, this is.</summary>
    internal static bool TryFindContext(CancellationToken token, [NotNullWhen(true)] out Context? ctx)
    {
        if (Context.TryFromToken(token, out ctx) && s_owners.TryGetValue(ctx, out var owner))
        {
            ctx = owner;
        }

        return ctx is not null;
    }

    private static Context Make(Context owner)
    {
        var token = owner.WithoutCancel().WithCancel();
        s_owners.Add(token, owner);
        owner.AfterFunc(() => EndAsync(owner, token));
        return token;
    }

    private static async Task EndAsync(Context owner, CancelableContext token)
    {
        // On another clock than the system's there is no timer of gRPC's for this instant.
        if (owner.Err is DeadlineExceededException && owner.TimeProvider == TimeProvider.System)
        {
            await Context.Background.Delay(s_patience).ConfigureAwait(false);
        }

        token.Cancel(owner.Cause!);
    }
}
