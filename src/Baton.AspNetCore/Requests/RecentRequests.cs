using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.AspNetCore;

/// <summary>
/// Finds the object of a connection's last request for the next one, so that requests which never ask for
/// their context allocate nothing.
/// </summary>
/// <remarks>
/// <para>
/// A server uses the objects of a request again for the next one of that connection, or of that stream of
/// HTTP/2. The request's context is used again exactly then, and never for a request of another connection:
/// code that has kept an <see cref="HttpContext"/> for too long finds there what it finds in the rest of it,
/// and nothing of a stranger's.
/// </para>
/// <para>
/// The references are weak, so an idle connection holds nothing here and a closed one is not held. Where two
/// connections share a slot, or a collection came between, an object is made anew.
/// </para>
/// </remarks>
[ContextCarrier]
internal sealed class RecentRequests
{
    private const int Slots = 4096;

    private readonly WeakReference<RequestContext>?[] _slots = new WeakReference<RequestContext>?[Slots];

    /// <summary>The object of the connection's last request, for this one.</summary>
    /// <param name="http">This request.</param>
    /// <param name="lifetime">The server's feature of this request.</param>
    /// <param name="body">What to take over of an object that cannot be used again as a whole.</param>
    internal RequestContext? Take(HttpContext http, IHttpRequestLifetimeFeature lifetime, out ResponseBody? body)
    {
        body = null;
        // Each connection has two slots, so it takes three that meet to push one out.
        var slot = RuntimeHelpers.GetHashCode(lifetime) & (Slots - 1);
        return Take(_slots[slot], http, lifetime, ref body) ?? Take(_slots[slot ^ 1], http, lifetime, ref body);
    }

    /// <summary>
    /// Remembers a context. Two threads may write one slot, and the last write stays. That is safe, because
    /// <see cref="RequestContext"/> itself refuses a request of another connection when it is taken.
    /// </summary>
    internal void Keep(RequestContext ctx, IHttpRequestLifetimeFeature lifetime)
    {
        var slot = RuntimeHelpers.GetHashCode(lifetime) & (Slots - 1);
        if (_slots[slot]?.TryGetTarget(out _) == true && _slots[slot ^ 1]?.TryGetTarget(out _) != true)
        {
            slot ^= 1;
        }

        if (_slots[slot] is { } known)
        {
            known.SetTarget(ctx);
        }
        else
        {
            _slots[slot] = new WeakReference<RequestContext>(ctx);
        }
    }

    private static RequestContext? Take(
        WeakReference<RequestContext>? slot,
        HttpContext http,
        IHttpRequestLifetimeFeature lifetime,
        ref ResponseBody? body) =>
        slot is not null && slot.TryGetTarget(out var ctx) && ctx.TryReuse(http, lifetime, ref body) ? ctx : null;
}
