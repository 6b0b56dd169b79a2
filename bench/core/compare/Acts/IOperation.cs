namespace Baton.Acts;

/// <summary>A short act, done many times in a row: under a parent that lives long, as in a server.</summary>
/// <remarks>
/// Operations are structs, so that a generic loop is compiled for each, without calls through an interface.
/// </remarks>
public interface IOperation
{
    /// <summary>Does it once. The results are added up, so that the compiler can leave nothing out.</summary>
    int Run();
}
