using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.AspNetCore;

/// <summary>Stands in for the services of a request, of which it knows one: its context.</summary>
/// <remarks>
/// The services of a request are a scope of the container, made when they are first asked for: some four
/// hundred bytes, which a handler that takes a context and no other service of the container need not pay.
/// Once another is asked for, the request has the scope.
/// </remarks>
internal sealed partial class RequestContext : IServiceProvidersFeature, IKeyedServiceProvider
{
    /// <summary>This, until somebody puts something else in its place.</summary>
    public IServiceProvider RequestServices
    {
        get => _extras?.Services ?? this;
        set => Rare.Services = value;
    }

    public object? GetService(Type serviceType) =>
        serviceType == typeof(Context) ? this : Scope().GetService(serviceType);

    public object? GetKeyedService(Type serviceType, object? serviceKey) =>
        Keyed().GetKeyedService(serviceType, serviceKey);

    public object GetRequiredKeyedService(Type serviceType, object? serviceKey) =>
        Keyed().GetRequiredKeyedService(serviceType, serviceKey);

    /// <summary>Lets the request's services know its context.</summary>
    internal void Serve(HttpContext http)
    {
        // Services that somebody has put there, or has asked for already, are kept.
        if (http is DefaultHttpContext { ServiceScopeFactory: not null }
            && http.Features.Find<IServiceProvidersFeature>() is null)
        {
            http.Features.Put<IServiceProvidersFeature>(this);
        }
        else
        {
            http.RequestServices.GetRequiredService<RequestContextSlot>().Context = this;
        }
    }

    /// <summary>Lets go of the request's services: it makes its own when it is asked again.</summary>
    private void LeaveServices(HttpContext http)
    {
        if (http.Features.Find<IServiceProvidersFeature>() == this)
        {
            http.Features.Put<IServiceProvidersFeature>(null);
        }
    }

    private IServiceProvider Scope()
    {
        if (_extras?.Scope is { } made)
        {
            return made;
        }

        var http = _http;
        ObjectDisposedException.ThrowIf(http is null, typeof(IServiceProvider));
        http.Features.Put<IServiceProvidersFeature>(null);
        var scope = Rare.Scope = http.RequestServices;

        // For what is resolved there, and takes the context.
        scope.GetRequiredService<RequestContextSlot>().Context = this;
        return scope;
    }

    private IKeyedServiceProvider Keyed() =>
        Scope() as IKeyedServiceProvider ?? throw new InvalidOperationException(
            "The container of this application knows no keyed services. Resolve the service without a key.");
}
