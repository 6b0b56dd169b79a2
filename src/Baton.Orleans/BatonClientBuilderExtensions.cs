using Baton.Orleans;
using Baton.Orleans.Calls;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>Baton in the clients of Orleans.</summary>
public static class BatonClientBuilderExtensions
{
    /// <summary>Gives the calls of this client their context.</summary>
    /// <remarks>Called twice, it adds one filter; all the options apply, in the order of the calls.</remarks>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Sets the options. Null: none are set.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IClientBuilder AddBaton(this IClientBuilder builder, Action<BatonOrleansOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        OrleansServices.AddBaton<ClientMessagingOptions>(builder.Services, configure);
        return builder;
    }
}
