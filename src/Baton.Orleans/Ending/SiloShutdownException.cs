namespace Baton.Orleans;

/// <summary>The cause when the silo that runs a call stops.</summary>
[GenerateSerializer]
[Alias("Baton.SiloShutdown")]
public sealed class SiloShutdownException : Exception
{
    /// <summary>Makes one.</summary>
    public SiloShutdownException()
        : base("The silo is stopping.")
    {
    }
}
