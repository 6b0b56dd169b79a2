using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;

namespace Baton.CodeFixes.Flow;

/// <summary>
/// Moves a parameter to another place: in the declarations that belong together, and in all calls.
/// </summary>
internal static class Moving
{
    /// <summary>
    /// False where something else than a call refers to the method: its places are not only its own then. And where an
    /// overload has the same parameters in the new order, or would have them once its own context has moved.
    /// </summary>
    internal static async Task<bool> TryAsync(
        Solution solution, IParameterSymbol parameter, int to, List<Action<SolutionEdits>> edits,
        CancellationToken cancellationToken)
    {
        if (parameter.ContainingSymbol is not IMethodSymbol method
            || method.MethodKind is MethodKind.DelegateInvoke
            || (method.MethodKind is MethodKind.AnonymousFunction && !IsPassedAsDelegate(parameter)))
        {
            return false;
        }

        foreach (var one in await FamilyAsync(method, solution, cancellationToken).ConfigureAwait(false))
        {
            if (Overloading.IsTakenWithout(parameter, one))
            {
                return false;
            }

            foreach (var reference in one.DeclaringSyntaxReferences)
            {
                var declaration = await reference.GetSyntaxAsync(cancellationToken).ConfigureAwait(false);
                if (ListOf(declaration) is { } list && solution.GetDocument(list.SyntaxTree) is { } document)
                {
                    edits.Add(all => all.Add(document, list, old =>
                        old.WithParameters(Moved(old.Parameters, parameter.Ordinal, to))));
                }
            }

            if (!await CallsAsync(one, parameter, to, solution, edits, cancellationToken)
                .ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPassedAsDelegate(IParameterSymbol parameter) =>
        parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax().Parent
            is ParameterListSyntax { Parent: AnonymousFunctionExpressionSyntax { Parent: ArgumentSyntax } };

    // The method, the other half of a partial one, and what overrides or implements it.
    private static async Task<IReadOnlyList<IMethodSymbol>> FamilyAsync(
        IMethodSymbol method, Solution solution, CancellationToken cancellationToken)
    {
        var family = new List<IMethodSymbol> { method };
        if (method.MethodKind is not MethodKind.Ordinary)
        {
            return family;
        }

        foreach (var one in await SymbolFinder.FindOverridesAsync(method, solution,
            cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            family.Add((IMethodSymbol)one);
        }

        foreach (var one in await SymbolFinder.FindImplementationsAsync(method, solution,
            cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            family.Add((IMethodSymbol)one);
        }

        family.AddRange(family.Select(one => one.PartialImplementationPart).OfType<IMethodSymbol>().ToList());
        return family;
    }

    private static ParameterListSyntax? ListOf(SyntaxNode declaration) => declaration switch
    {
        BaseMethodDeclarationSyntax method => method.ParameterList,
        LocalFunctionStatementSyntax function => function.ParameterList,
        ParenthesizedLambdaExpressionSyntax lambda => lambda.ParameterList,
        TypeDeclarationSyntax type => type.ParameterList,
        _ => null,
    };

    private static async Task<bool> CallsAsync(
        IMethodSymbol method, IParameterSymbol parameter, int to, Solution solution,
        List<Action<SolutionEdits>> edits, CancellationToken cancellationToken)
    {
        if (method.MethodKind is MethodKind.AnonymousFunction)
        {
            return true;
        }

        foreach (var found in await SymbolFinder.FindReferencesAsync(method, solution,
            cancellationToken).ConfigureAwait(false))
        {
            // A constructor is also found by its type.
            foreach (var location in found.Definition is IMethodSymbol ? found.Locations : [])
            {
                var root = await location.Document.GetSyntaxRootAsync(cancellationToken)
                    .ConfigureAwait(false);
                var model = await location.Document.GetSemanticModelAsync(cancellationToken)
                    .ConfigureAwait(false);
                var node = root?.FindNode(location.Location.SourceSpan, findInsideTrivia: true,
                    getInnermostNodeForTie: true);
                if (node is null || model is null || IsNameOnly(node))
                {
                    continue;
                }

                if (ArgumentsOf(node) is not { Parent: { } call } list
                    || model.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol called)
                {
                    return false;
                }

                var shift = called.MethodKind is MethodKind.ReducedExtension ? 1 : 0;
                edits.Add(all => all.Add(location.Document, list, old => old.WithArguments(
                    Moved(old.Arguments, IndexOf(list, parameter, shift), to - shift))));
            }
        }

        return true;
    }

    private static bool IsNameOnly(SyntaxNode node) =>
        node.Ancestors().Any(one =>
            one is InvocationExpressionSyntax { Expression: IdentifierNameSyntax name }
            && name.Identifier.ValueText is "nameof");

    private static ArgumentListSyntax? ArgumentsOf(SyntaxNode name)
    {
        var at = name;
        while (at.Parent is SimpleNameSyntax or QualifiedNameSyntax
            || (at.Parent is MemberAccessExpressionSyntax access && access.Name == at)
            || at.Parent is MemberBindingExpressionSyntax)
        {
            at = at.Parent;
        }

        return at switch
        {
            ConstructorInitializerSyntax initializer => initializer.ArgumentList,
            BaseObjectCreationExpressionSyntax creation => creation.ArgumentList,
            PrimaryConstructorBaseTypeSyntax type => type.ArgumentList,
            _ => at.Parent switch
            {
                InvocationExpressionSyntax call when call.Expression == at => call.ArgumentList,
                ObjectCreationExpressionSyntax creation when creation.Type == at => creation.ArgumentList,
                PrimaryConstructorBaseTypeSyntax type => type.ArgumentList,
                ConstructorInitializerSyntax initializer => initializer.ArgumentList,
                _ => null,
            },
        };
    }

    private static int IndexOf(ArgumentListSyntax list, IParameterSymbol parameter, int shift)
    {
        var named = list.Arguments.IndexOf(argument =>
            argument.NameColon?.Name.Identifier.ValueText == parameter.Name);
        return named >= 0 ? named : parameter.Ordinal - shift;
    }

    private static SeparatedSyntaxList<T> Moved<T>(SeparatedSyntaxList<T> list, int from, int to)
        where T : SyntaxNode
    {
        if (from <= to || from >= list.Count)
        {
            return list;
        }

        // The nodes change places, the space around each place stays.
        var nodes = list.ToList();
        var moved = nodes[from];
        nodes.RemoveAt(from);
        nodes.Insert(to, moved);
        return SyntaxFactory.SeparatedList(
            nodes.Select((node, i) =>
                node.WithLeadingTrivia(list[i].GetLeadingTrivia())
                    .WithTrailingTrivia(list[i].GetTrailingTrivia())),
            list.GetSeparators());
    }
}
