using Baton.Orleans.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Baton.Orleans.Calls;

/// <summary>The services of a silo or a client that Baton adds.</summary>
internal static class OrleansServices
{
    /// <summary>Adds what silos and clients share. False: it was there already.</summary>
    internal static bool AddBaton<TMessaging>(IServiceCollection services, Action<BatonOrleansOptions>? configure)
        where TMessaging : MessagingOptions
    {
        services.AddOptions<BatonOrleansOptions>();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        if (services.Any(static service => service.ServiceType == typeof(ResponseLimits)))
        {
            return false;
        }

        services.AddSingleton<ResponseLimits>();
        services.AddSingleton<Luggage>();
        services.AddSingleton<IOutgoingGrainCallFilter, OutgoingFilter>();
        services.AddOptions<TMessaging>().PostConfigure<ResponseLimits, IOptions<BatonOrleansOptions>>(
            static (messaging, limits, options) => limits.Raise(messaging, options.Value));
        return true;
    }
}
