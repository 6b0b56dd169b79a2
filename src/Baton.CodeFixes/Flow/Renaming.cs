using Baton.Analyzers.Flow;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;

namespace Baton.CodeFixes.Flow;

/// <summary>Names a context parameter <c>ctx</c>: where it is declared, used, and given by name.</summary>
internal static class Renaming
{
    /// <summary>False, and nothing added, where something else in the declaration has the name.</summary>
    internal static async Task<bool> TryAsync(
        Solution solution, IParameterSymbol parameter, SyntaxNode declaration,
        List<Action<SolutionEdits>> edits,
        CancellationToken cancellationToken)
    {
        if (declaration.DescendantTokens(descendIntoTrivia: false).Any(token =>
            token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText is ContextParameter.UsualName))
        {
            return false;
        }

        var symbols = new List<ISymbol> { parameter };
        if (parameter.ContainingSymbol is IMethodSymbol { PartialImplementationPart: { } other })
        {
            symbols.Add(other.Parameters[parameter.Ordinal]);
        }

        foreach (var symbol in symbols)
        {
            foreach (var reference in symbol.DeclaringSyntaxReferences)
            {
                if (await reference.GetSyntaxAsync(cancellationToken).ConfigureAwait(false)
                    is ParameterSyntax syntax
                    && solution.GetDocument(syntax.SyntaxTree) is { } document)
                {
                    edits.Add(to =>
                        to.Add(document, syntax, old => old.WithIdentifier(Named(old.Identifier))));
                }
            }

            foreach (var found in await SymbolFinder.FindReferencesAsync(symbol, solution,
                cancellationToken).ConfigureAwait(false))
            {
                foreach (var location in found.Locations)
                {
                    var root = await location.Document.GetSyntaxRootAsync(cancellationToken)
                        .ConfigureAwait(false);
                    if (root?.FindNode(location.Location.SourceSpan, findInsideTrivia: true,
                        getInnermostNodeForTie: true) is IdentifierNameSyntax name)
                    {
                        edits.Add(to => to.Add(location.Document, name, old =>
                            old.WithIdentifier(Named(old.Identifier))));
                    }
                }
            }
        }

        return true;
    }

    private static SyntaxToken Named(SyntaxToken old) =>
        SyntaxFactory.Identifier(ContextParameter.UsualName).WithTriviaFrom(old);
}
