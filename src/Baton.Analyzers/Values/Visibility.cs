using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

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

    /// <summary>Whether code outside the type names the static member, as far as that can be told without asking the compiler.</summary>
    internal static bool IsNamedOutside(
        ISymbol member, INamedTypeSymbol type, Compilation compilation, CancellationToken cancellationToken)
    {
        if (member.DeclaredAccessibility == Accessibility.Private)
        {
            return false;
        }

        var isImported = compilation.SyntaxTrees.Any(tree => Imports(tree.GetRoot(cancellationToken), member.ContainingType));
        return compilation.SyntaxTrees.Any(tree => tree.GetRoot(cancellationToken).DescendantTokens().Any(token =>
            token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == member.Name && token.Parent is SimpleNameSyntax name
            && (isImported || MayMean(name, member)) && !IsIn(token, type)));
    }

    // `using static Keys;`, `using Keys = My.Keys;`
    private static bool Imports(SyntaxNode root, INamedTypeSymbol type) => root
        .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
        .OfType<UsingDirectiveSyntax>()
        .Any(one => (one.Alias is not null || one.StaticKeyword.IsKind(SyntaxKind.StaticKeyword))
            && one.NamespaceOrType.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(name => name.Identifier.ValueText == type.Name));

    // `Keys.Tenant`, an extension of anything, or by itself in its own type or one that derives from that.
    private static bool MayMean(SimpleNameSyntax name, ISymbol member)
    {
        if (member is IMethodSymbol { IsExtensionMethod: true } or { ContainingType.IsExtension: true })
        {
            return true;
        }

        return name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name => LastNameOf(access.Expression) == member.ContainingType.Name,
            _ => name.Ancestors().OfType<TypeDeclarationSyntax>().Any(one =>
                one.BaseList is not null || one.Identifier.ValueText == member.ContainingType.Name),
        };
    }

    private static string? LastNameOf(ExpressionSyntax expression) => expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => null,
    };

    private static bool IsIn(SyntaxToken token, INamedTypeSymbol type) => type.DeclaringSyntaxReferences.Any(one =>
        one.SyntaxTree == token.SyntaxTree && one.Span.Contains(token.Span));
}
