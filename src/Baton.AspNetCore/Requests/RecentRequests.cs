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
    private const int Slots = 1024;

    private readonly WeakReference<RequestContext>?[] _slots = new WeakReference<RequestContext>?[Slots];

    internal RequestContext? Take(HttpContext http, IHttpRequestLifetimeFeature lifetime) =>
        Slot(lifetime) is { } slot && slot.TryGetTarget(out var ctx) && ctx.TryReuse(http, lifetime)
            ? ctx
            : null;

    internal void Keep(RequestContext ctx, IHttpRequestLifetimeFeature lifetime)
    {
        // Two threads may write one slot. Whatever it has then is checked by whoever takes it.
        ref var slot = ref Slot(lifetime);
        if (slot is null)
        {
            slot = new WeakReference<RequestContext>(ctx);
        }
        else if (!slot.TryGetTarget(out var known) || known != ctx)
        {
            slot.SetTarget(ctx);
        }
    }

    private ref WeakReference<RequestContext>? Slot(IHttpRequestLifetimeFeature lifetime) =>
        ref _slots[RuntimeHelpers.GetHashCode(lifetime) & (Slots - 1)];
}
