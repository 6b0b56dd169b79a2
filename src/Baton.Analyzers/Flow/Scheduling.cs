using Microsoft.CodeAnalysis;

namespace Baton.Analyzers.Flow;

/// <summary>Methods whose token only keeps work from starting; the work itself has to look.</summary>
internal static class Scheduling
{
    internal static bool Is(IMethodSymbol method) => (method.ContainingType.Name, method.Name) is
        ("Task", "Run" or "ContinueWith") or ("TaskFactory", _);
}
