using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.AspNetCore;

/// <summary>
/// Finds the context of the current call of a hub, or else of the current request, if the application has an
/// <see cref="IHttpContextAccessor"/>.
/// </summary>
internal sealed class RequestContextAccessor(IServiceProvider services) : IContextAccessor
{
    private readonly IHttpContextAccessor? _requests = services.GetService<IHttpContextAccessor>();

    public Context? Current => HubFlow.Context is { } hubs ? hubs
        : _requests?.HttpContext is not { } http ? null
        : RequestContext.Find(http) is { HasContext: false } ? null
        : RequestContext.Of(http);
}
