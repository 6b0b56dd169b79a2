using Orleans.Metadata;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Cluster;

/// <summary>Puts a grain on the first silo or the second, in the order of their ports.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnSiloAttribute(int index) : PlacementAttribute(new OnSilo { Index = index });

[GenerateSerializer]
public sealed class OnSilo : PlacementStrategy
{
    [Id(0)]
    public int Index { get; set; }

    public override void Initialize(GrainProperties properties)
    {
        base.Initialize(properties);
        Index = int.Parse(properties.Properties["on-silo"], null);
    }

    public override void PopulateGrainProperties(
        IServiceProvider services, Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        base.PopulateGrainProperties(services, grainClass, grainType, properties);
        properties["on-silo"] = $"{Index}";
    }
}

internal sealed class OnSiloDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target).OrderBy(static silo => silo.Endpoint.Port).ToArray();
        return Task.FromResult(silos[((OnSilo)strategy).Index % silos.Length]);
    }
}
