namespace Baton.Orleans;

/// <summary>The cause when the grain that runs a call is deactivated.</summary>
[GenerateSerializer]
[Alias("Baton.GrainDeactivated")]
public sealed class GrainDeactivatedException : Exception
{
    /// <summary>Makes one for a grain.</summary>
    /// <param name="grain">The grain's identity, as Orleans writes it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="grain"/> is null.</exception>
    public GrainDeactivatedException(string grain)
        : base($"The grain {grain ?? throw new ArgumentNullException(nameof(grain))} is being deactivated.") =>
        Grain = grain;

    /// <summary>The grain's identity, as Orleans writes it.</summary>
    [Id(0)]
    public string Grain { get; private set; }
}
