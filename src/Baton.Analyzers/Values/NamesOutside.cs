using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.Values;

/// <summary>
/// Tells which of some static members are named by code outside a type, as far as that can be told without
/// asking the compiler. The project is read once for all of them, when the first one is asked for.
/// </summary>
internal sealed class NamesOutside(
    IEnumerable<ISymbol> members, INamedTypeSymbol type, Compilation compilation,
    CancellationToken cancellationToken)
{
    private readonly Lazy<HashSet<ISymbol>> _named =
        new(() => Find(members, type, compilation, cancellationToken));

    /// <summary>Whether it is named; a private one is not.</summary>
    internal bool Contain(ISymbol member) => IsVisible(member) && _named.Value.Contains(member);

    private static bool IsVisible(ISymbol member) => member.DeclaredAccessibility != Accessibility.Private;

    private static HashSet<ISymbol> Find(
        IEnumerable<ISymbol> members, INamedTypeSymbol type, Compilation compilation,
        CancellationToken cancellationToken)
    {
        var byName = members.Where(member => member.IsStatic && IsVisible(member))
            .Distinct(SymbolEqualityComparer.Default).ToLookup(member => member!.Name);
        var names = byName.Select(one => one.Key).ToList();
        var imported = new HashSet<string>(
            compilation.SyntaxTrees.SelectMany(tree => Imports(tree.GetRoot(cancellationToken))));
        var found = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var tree in compilation.SyntaxTrees)
        {
            var text = tree.GetText(cancellationToken).ToString();
            if (!names.Exists(name => text.IndexOf(name, StringComparison.Ordinal) >= 0))
            {
                continue;
            }

            foreach (var token in tree.GetRoot(cancellationToken).DescendantTokens())
            {
                if (token.IsKind(SyntaxKind.IdentifierToken) && token.Parent is SimpleNameSyntax name
                    && byName.Contains(token.ValueText) && !IsIn(token, type))
                {
                    found.UnionWith(byName[token.ValueText].Where(member =>
                        imported.Contains(member!.ContainingType.Name) || MayMean(name, member))!);
                }
            }
        }

        return found;
    }

    // `using static Keys;`, `using Keys = My.Keys;`
    private static IEnumerable<string> Imports(SyntaxNode root) => root
        .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
        .OfType<UsingDirectiveSyntax>()
        .Where(one => one.Alias is not null || one.StaticKeyword.IsKind(SyntaxKind.StaticKeyword))
        .SelectMany(one => one.NamespaceOrType.DescendantNodesAndSelf().OfType<SimpleNameSyntax>())
        .Select(name => name.Identifier.ValueText);

    // `Keys.Tenant`, an extension of anything, or by itself in its own type or one that derives from that.
    private static bool MayMean(SimpleNameSyntax name, ISymbol member)
    {
        if (member is IMethodSymbol { IsExtensionMethod: true } or { ContainingType.IsExtension: true })
        {
            return true;
        }

        return name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name =>
                LastNameOf(access.Expression) == member.ContainingType.Name,
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

    private static bool IsIn(SyntaxToken token, INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.Any(one =>
        one.SyntaxTree == token.SyntaxTree && one.Span.Contains(token.Span));
}
