namespace Baton.Acts;

/// <summary>A short act, done many times in a row: under a parent that lives long, as in a server.</summary>
/// <remarks>
/// Structs, so that a generic loop over one is compiled for it and nothing is called through an interface.
/// </remarks>
public interface IOperation
{
    /// <summary>Does it once. The result is added up, so that nothing of it can be left out.</summary>
    int Run();
}
