using Baton.Orleans;
using Baton.Orleans.Calls;
using Baton.Orleans.Ending;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>Baton in the silos of Orleans.</summary>
public static class BatonSiloBuilderExtensions
{
    /// <summary>Gives the calls to and from this silo's grains their context.</summary>
    /// <remarks>Called twice, it adds one filter; all the options apply, in the order of the calls.</remarks>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Sets the options. Null: none are set.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static ISiloBuilder AddBaton(this ISiloBuilder builder, Action<BatonOrleansOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (!OrleansServices.AddBaton<SiloMessagingOptions>(services, configure))
        {
            return builder;
        }

        services.AddSingleton<RunningCalls>();
        services.AddSingleton<SiloScope>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            static provider => provider.GetRequiredService<SiloScope>());
        services.AddSingleton<IIncomingGrainCallFilter, IncomingFilter>();
        services.AddKeyedTransient<IGrainExtension, GrainCallEnd>(typeof(IGrainCallEnd));
        return builder;
    }
}
