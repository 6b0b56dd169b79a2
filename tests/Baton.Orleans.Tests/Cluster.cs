using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;

[assembly: AssemblyFixture(typeof(Baton.Orleans.Tests.Cluster))]

namespace Baton.Orleans.Tests;

/// <summary>Two silos and a client in this process, for all the tests.</summary>
public sealed class Cluster : IAsyncLifetime
{
    /// <summary>
    /// Orleans' own limit of a call. Long enough for a busy machine: each call without a deadline has to be done by then.
    /// </summary>
    internal static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

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
            silo.Services.Configure<SiloMessagingOptions>(static o => o.ResponseTimeout = ResponseTimeout);

            // Twice: one filter.
            silo.AddBaton(configure).AddBaton();
        });
        builder.ConfigureClient(client =>
        {
            client.Services.AddSingleton(Values());
            client.Services.Configure<ClientMessagingOptions>(static o => o.ResponseTimeout = ResponseTimeout);
            client.AddBaton(configure).AddBaton();
        });
        return builder.Build();
    }

    private static ContextPropagation Values() =>
        new ContextPropagation().Register(Tenant, "tenant", ContextCodec.Text);
}
