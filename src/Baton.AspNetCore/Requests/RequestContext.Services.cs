using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.AspNetCore;

/// <summary>The services of the request: a scope of the container's own, which knows the context.</summary>
internal sealed partial class RequestContext : IServiceProvidersFeature
{
    /// <summary>The services, once they know the context. A scope stays here when it is disposed.</summary>
    private IServiceProvider? _services;

    /// <summary>The scope that was made for the request; null once it is disposed.</summary>
    private IServiceScope? _scope;

    /// <summary>
    /// The scope of the request, made when somebody first asks; or the services that middleware has put in
    /// its place.
    /// </summary>
    public IServiceProvider RequestServices
    {
        // Acquire: services that another thread has made are seen whole.
        get => Volatile.Read(ref _services) ?? Introduce();
        set
        {
            Rare.Replaced = value;
            Volatile.Write(ref _services, null);
        }
    }

    /// <summary>Takes the place of a feature for services, if there is one: that is asked for them.</summary>
    private void Cover(IServiceProvidersFeature? prior)
    {
        if (prior is not null)
        {
            _extras = new Extras { Prior = prior };
        }
    }

    /// <summary>Takes over the services of an earlier run, and tells them of this context.</summary>
    private void TakeServices(RequestContext earlier)
    {
        if (earlier._services is { } services)
        {
            _services = services;
            Tell(services);
        }

        if (_http.Features[typeof(IServiceProvidersFeature)] == earlier)
        {
            _http.Features[typeof(IServiceProvidersFeature)] = this;
        }
    }

    private IServiceProvider Introduce()
    {
        if ((_extras?.Replaced ?? _scope?.ServiceProvider ?? _extras?.Prior?.RequestServices) is { } given)
        {
            Tell(given);
            Volatile.Write(ref _services, given);
            return given;
        }

        var scope = _server.Scopes.CreateScope();
        Tell(scope.ServiceProvider);
        if (Interlocked.CompareExchange(ref _services, scope.ServiceProvider, null) is { } other)
        {
            // Another thread was faster. All of the request uses its scope, and nobody has seen this one.
            scope.Dispose();
            return other;
        }

        _scope = scope;

        // Not by HttpContext.Response, whose cache of features another thread may be using: a parallel task may be the
        // first that asks for services.
        _http.Features.Get<IHttpResponseFeature>()!.OnCompleted(static state => ((RequestContext)state).DisposeScopeAsync(), this);
        return scope.ServiceProvider;
    }

    /// <summary>
    /// Tells services which context they belong to. A container that knows nothing of Baton, as a tenant's
    /// may, has none to tell.
    /// </summary>
    private void Tell(IServiceProvider services)
    {
        try
        {
            services.GetService<ScopeContext>()?.Belong(this);
        }
        catch (ObjectDisposedException)
        {
            // Middleware has left a scope behind that it has disposed. Whoever uses it is told so.
        }
    }

    private async Task DisposeScopeAsync()
    {
        if (_scope is { } scope)
        {
            scope.ServiceProvider.GetService<ScopeContext>()?.Leave();
            if (scope is IAsyncDisposable asynchronous)
            {
                await asynchronous.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                scope.Dispose();
            }

            _scope = null;
            Offer();
        }
    }
}
