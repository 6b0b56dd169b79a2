using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;

namespace Baton.Analyzers.Values;

/// <summary>Tells which methods of a type are helpers of one other: called by it, and by nobody else.</summary>
internal sealed class Helpers(
    List<(IMethodSymbol Callee, ISymbol? Caller)> calls, Compilation compilation, INamedTypeSymbol type)
{
    /// <summary>Whether the function is the owner, or only ever called on its behalf.</summary>
    internal bool BelongsTo(ISymbol? function, IMethodSymbol owner) => BelongsTo(function, owner, []);

    private bool BelongsTo(ISymbol? function, IMethodSymbol owner, HashSet<string> asked)
    {
        if (function.IsSame(owner))
        {
            return true;
        }

        if (function is not IMethodSymbol method || !IsHelper(method) || !asked.Add(Key(method)))
        {
            return false;
        }

        var callers = calls.Where(call => call.Callee.IsSame(method)).Select(call => call.Caller).ToList();
        return callers.Count > 0
            && callers.All(caller => caller.IsSame(method) || (caller is not null && BelongsTo(caller, owner, [.. asked])));
    }

    private bool IsHelper(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.LocalFunction => true,
        MethodKind.Ordinary => method.DeclaredAccessibility == Accessibility.Private || (method.IsStatic
            && !Visibility.IsPublic(method, compilation) && !Visibility.IsNamedOutside(method, type, compilation, default)),
        _ => false,
    };

    private static string Key(IMethodSymbol method) => method.ToDisplayString() + method.Locations.FirstOrDefault()?.SourceSpan.Start;
}
