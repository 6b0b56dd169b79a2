using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.CodeFixes.Internal;

/// <summary>Finds where a variable is used.</summary>
internal static class Uses
{
    internal static IEnumerable<IdentifierNameSyntax> Of(ISymbol symbol, SyntaxNode scope, FixPlace place) =>
        scope.DescendantNodes().OfType<IdentifierNameSyntax>()
        .Where(name => name.Identifier.ValueText == symbol.Name && SymbolEqualityComparer.Default.Equals(
            place.Model.GetSymbolInfo(name, place.CancellationToken).Symbol, symbol));

    /// <summary>Whether the use puts another value into the variable, or lets a call do so.</summary>
    internal static bool IsWrite(IdentifierNameSyntax use) => use.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == use,
        ArgumentSyntax argument =>
            !argument.RefKindKeyword.IsKind(Microsoft.CodeAnalysis.CSharp.SyntaxKind.None)
            || argument.Parent is TupleExpressionSyntax { Parent: AssignmentExpressionSyntax },
        RefExpressionSyntax => true,
        _ => false,
    };
}
