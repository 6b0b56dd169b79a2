namespace Baton.Orleans.Ending;

/// <summary>The context of one activation of a grain. Orleans keeps it with the activation.</summary>
[ContextCarrier]
internal sealed class ActivationScope(SiloScope silo, CancelableContext ctx)
{
    internal SiloScope Silo => silo;

    internal CancelableContext Ctx => ctx;
}
