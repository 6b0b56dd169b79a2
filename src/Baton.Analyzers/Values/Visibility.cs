using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Baton.Analyzers.Values;

/// <summary>Tells who else can see a member, and whether anybody else names it.</summary>
internal static class Visibility
{
    /// <summary>Whether code outside the project can see it: in a library, and public all the way.</summary>
    internal static bool IsPublic(ISymbol member, Compilation compilation)
    {
        if (compilation.Options.OutputKind != OutputKind.DynamicallyLinkedLibrary)
        {
            return false;
        }

        for (ISymbol? at = member; at is not null and not INamespaceSymbol; at = at.ContainingSymbol)
        {
            if (at.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether its name stands anywhere outside the type, besides its own declaration.</summary>
    internal static bool IsNamedOutside(
        ISymbol member, INamedTypeSymbol type, Compilation compilation, CancellationToken cancellationToken) =>
        member.DeclaredAccessibility != Accessibility.Private && compilation.SyntaxTrees.Any(tree =>
            tree.GetRoot(cancellationToken).DescendantTokens().Any(token =>
                token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == member.Name
                && !IsDeclaration(token, member) && !IsIn(token, type)));

    private static bool IsDeclaration(SyntaxToken token, ISymbol member) => member.Locations.Any(place =>
        place.SourceTree == token.SyntaxTree && place.SourceSpan == token.Span);

    private static bool IsIn(SyntaxToken token, INamedTypeSymbol type) => type.DeclaringSyntaxReferences.Any(one =>
        one.SyntaxTree == token.SyntaxTree && one.Span.Contains(token.Span));
}
