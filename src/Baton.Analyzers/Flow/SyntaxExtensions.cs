using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.Flow;

internal static class SyntaxExtensions
{
    /// <summary>
    /// Whether it is a member of a type, or a type: where the code of one function ends for certain.
    /// </summary>
    internal static bool IsMember(this SyntaxNode node) =>
        node is MemberDeclarationSyntax and not GlobalStatementSyntax;

    /// <summary>Whether a name stands in the code, whatever it names.</summary>
    internal static bool Mentions(this SyntaxNode node, string name) => node.DescendantNodesAndSelf()
        .Any(inner => inner is IdentifierNameSyntax identifier && identifier.Identifier.ValueText == name);
}
