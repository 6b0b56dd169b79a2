using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;

namespace Baton.Analyzers.Values;

/// <summary>
/// Tells which methods of a type are helpers of one other: called by it, and by nobody else.
/// </summary>
internal sealed class Helpers(
    List<(IMethodSymbol Callee, ISymbol? Caller)> calls, Compilation compilation, NamesOutside outside)
{
    private readonly ILookup<ISymbol?, ISymbol?> _callers = calls.ToLookup(
        call => (ISymbol?)call.Callee, call => call.Caller, SymbolEqualityComparer.Default);

    /// <summary>Whether the function is the owner, or only ever called on its behalf.</summary>
    internal bool BelongsTo(ISymbol? function, IMethodSymbol owner) =>
        BelongsTo(function, owner, new Dictionary<ISymbol, bool>(SymbolEqualityComparer.Default));

    // Each is answered once; one that calls itself by way of others belongs to nobody.
    private bool BelongsTo(ISymbol? function, IMethodSymbol owner, Dictionary<ISymbol, bool> answers)
    {
        if (function is not IMethodSymbol method || method.IsSame(owner))
        {
            return function.IsSame(owner);
        }

        if (!answers.TryGetValue(method, out var belongs))
        {
            answers[method] = false;
            belongs = _callers.Contains(method) && IsHelper(method)
                && _callers[method].All(caller => caller.IsSame(method) || BelongsTo(caller, owner, answers));
            answers[method] = belongs;
        }

        return belongs;
    }

    private bool IsHelper(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.LocalFunction => true,
        MethodKind.Ordinary => method.DeclaredAccessibility == Accessibility.Private
            || (method.IsStatic && !Visibility.IsPublic(method, compilation) && !outside.Contain(method)),
        _ => false,
    };
}
