using Baton;
using Baton.AspNetCore;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Baton among an application's services.</summary>
public static class BatonServiceCollectionExtensions
{
    /// <summary>
    /// Adds what <c>app.UseBaton()</c> needs, and lets handlers take a <see cref="Context"/>: those of
    /// minimal APIs, actions of controllers, handlers of Razor Pages and methods of SignalR's hubs.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Called again it changes nothing. A method of a hub gets a context for each call, derived from its
    /// connection's; that of a stream ends with the stream.
    /// </para>
    /// <para>
    /// A scoped or transient service can take a <see cref="Context"/> in its constructor, whatever the
    /// handler looks like. In a scope that an application makes itself it can if the scope was made for a
    /// context: <c>scopes.CreateAsyncScope(ctx)</c>. A singleton cannot, and <c>UseBaton()</c> says so.
    /// <see cref="IContextAccessor"/> finds the request's context once the application has called
    /// <c>AddHttpContextAccessor()</c>. Like all registration, for one thread, before the application is
    /// built.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddBaton(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(static service => service.ServiceType == typeof(BatonServer)))
        {
            return services;
        }

        services.AddOptions();
        services.AddLogging();
        services.AddMetrics();
        services.AddSingleton<BatonServer>();
        services.AddSingleton<CallerTimeoutReader>();
        services.AddSingleton(static provider =>
            new ServerLifetime(provider.GetRequiredService<BatonServer>()));
        services.AddHostedService<ShutdownService>();
        services.TryAddSingleton<IContextAccessor, RequestContextAccessor>();
        services.AddScoped<ScopeContext>();
        services.AddSingleton<IStartupFilter, RequestDoor>();
        services.AddSingleton(new SingletonCheck(services));
        services.AddSingleton<IConfigureOptions<MvcOptions>, MvcSetup>();
        services.AddSingleton<HubCallFilter>();
        services.AddSingleton<HubCalls>();
        services.AddHostedService(static provider => provider.GetRequiredService<HubCalls>());
        services.AddScoped<HubCall>();
        services.AddSingleton(typeof(HubConnectionHandler<>), typeof(HubContextHandler<>));
        services.PostConfigure<OutputCacheOptions>(static cache => cache.AddBasePolicy(new OutputCachePolicy()));
        services.Configure<HubOptions>(static hubs => hubs.AddFilter<HubCallFilter>());

        // Transient, because the request's context may be replaced while its scope lives.
        services.AddTransient(SingletonCheck.ContextOf);
        return services;
    }

    /// <summary>As <see cref="AddBaton(IServiceCollection)"/>, with options.</summary>
    /// <remarks>Called again it adds to what was configured before.</remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IServiceCollection AddBaton(
        this IServiceCollection services, Action<BatonOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.AddBaton().Configure(configure);
        return services;
    }
}
