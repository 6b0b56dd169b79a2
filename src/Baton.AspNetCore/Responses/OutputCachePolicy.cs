using Microsoft.AspNetCore.OutputCaching;

namespace Baton.AspNetCore;

/// <summary>
/// Lets no output cache keep the response of a request whose context has ended, wherever the cache stands.
/// </summary>
internal sealed class OutputCachePolicy : IOutputCachePolicy
{
    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation) => default;

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => default;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        // A cache outside of UseBaton() comes here when the context has ended with the request, as every one does.
        if (RequestContext.Find(context.HttpContext) is { HasEnded: true, Cause: not RequestCompletedException })
        {
            context.AllowCacheStorage = false;
        }

        return default;
    }
}
