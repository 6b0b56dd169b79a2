using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.LeftAlone;

/// <summary>
/// What is made once for many callers: with the context of the first, the others would fail when the first
/// leaves.
/// </summary>
internal static class SharedTask
{
    private static readonly string[] s_makers =
    [
        "GetOrAdd", "GetOrCreate", "GetOrSet", "GetOrLoad", "GetOrFetch", "GetOrMake", "GetOrCompute", "GetOrBuild",
        "AddOrUpdate", "AddOrGet", "AddOrGetExisting", "TryGetOrAdd", "TryGetOrSet", "EnsureInitialized", "Remember",
        "Memoize", "RunOnce", "ExecuteOnce", "DoOnce", "InvokeOnce",
    ];

    private static readonly string[] s_parts = ["SingleFlight", "Coalesc", "Dedup", "Memoiz"];

    /// <summary>Whether what stands at <paramref name="node"/> is made for others too.</summary>
    internal static bool Is(SyntaxNode node, SyntaxNode parent, SemanticModel model) => parent switch
    {
        AssignmentExpressionSyntax assignment when assignment.Right == node
            && assignment.IsKind(SyntaxKind.CoalesceAssignmentExpression) =>
            assignment.Left is ElementAccessExpressionSyntax
            || model.GetSymbolInfo(assignment.Left).Symbol is IFieldSymbol or IPropertySymbol,
        ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } argument =>
            IsShared(call, argument, model),
        ArgumentSyntax { Parent.Parent: BaseObjectCreationExpressionSyntax creation }
            when node is AnonymousFunctionExpressionSyntax =>
            model.GetTypeInfo(creation).Type?.Name is { } made && made.EndsWith("Lazy", StringComparison.Ordinal),
        _ => false,
    };

    private static bool IsShared(
        InvocationExpressionSyntax call, ArgumentSyntax argument, SemanticModel model)
    {
        if (PointOfNoReturn.NameOf(call.Expression) is not { } name)
        {
            return false;
        }

        if (Words.BeginsWithOne(name, s_makers) || s_parts.Any(part => Words.Holds(name, part)))
        {
            return true;
        }

        // Whatever else a cache, or a single flight, is given to call.
        return argument.Expression is AnonymousFunctionExpressionSyntax
            && model.GetSymbolInfo(call).Symbol is IMethodSymbol { ContainingType: { } type } method
            && (IsShare(type.Name) || (method.ReducedFrom?.Parameters[0].Type.Name is { } extended && IsShare(extended)));
    }

    private static bool IsShare(string type) =>
        Words.Holds(type, "Cache") || s_parts.Any(part => Words.Holds(type, part));
}
