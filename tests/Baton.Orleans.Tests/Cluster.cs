using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace Baton.Orleans.Tests;

/// <summary>Two silos and a client in this process, for all the tests.</summary>
public sealed class Cluster : IAsyncLifetime
{
    internal static readonly ContextKey<string> Tenant = new("tenant");
    internal static readonly ContextKey<string> Secret = new("secret");

    private InProcessTestCluster _cluster = null!;

    internal IClusterClient Client => _cluster.Client;

    internal InProcessTestCluster Silos => _cluster;

    public async ValueTask InitializeAsync()
    {
        _cluster = Create(static _ => { });
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    internal static InProcessTestCluster Create(Action<BatonOrleansOptions> configure, short silos = 2)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(Values());
            silo.Services.Configure<SiloMessagingOptions>(static o => o.ResponseTimeout = TimeSpan.FromSeconds(2));

            // Twice: one filter.
            silo.AddBaton(configure).AddBaton();
        });
        builder.ConfigureClient(client =>
        {
            client.Services.AddSingleton(Values());
            client.Services.Configure<ClientMessagingOptions>(static o => o.ResponseTimeout = TimeSpan.FromSeconds(2));
            client.AddBaton(configure).AddBaton();
        });
        return builder.Build();
    }

    private static ContextPropagation Values() =>
        new ContextPropagation().Register(Tenant, "tenant", ContextCodec.Text);
}

[CollectionDefinition(nameof(Cluster))]
#pragma warning disable CA1711 // xunit calls it a collection.
public sealed class ClusterCollection : ICollectionFixture<Cluster>;
#pragma warning restore CA1711
