using Baton.Analyzers.Internal;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;

namespace Baton.CodeFixes.Lifetime;

/// <summary>
/// The methods that get a context as a parameter, and those who call them and have one to give.
/// </summary>
internal sealed class StoredCallers(FixPlace place, ClassDeclarationSyntax type)
{
    private readonly Queue<MethodDeclarationSyntax> _methods = [];
    private readonly HashSet<MethodDeclarationSyntax> _taken = [];
    private readonly Dictionary<ArgumentListSyntax, string> _calls = [];

    internal List<ArgumentListSyntax> Constructions { get; } = [];

    /// <summary>
    /// Makes the method around the place one of them. False where its signature is not its own to change.
    /// </summary>
    internal bool Take(SyntaxNode use)
    {
        var member = use.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        if (member is not MethodDeclarationSyntax method || method.Parent != type
            || place.Model.GetDeclaredSymbol(method, place.CancellationToken) is not { } symbol
            || symbol.IsStatic || symbol.IsVirtual || symbol.IsOverride || symbol.IsAbstract
            || ImplementsSomething(symbol)
            || symbol.Parameters.Any(parameter =>
                place.Known.IsContext(parameter.Type) || parameter.Name == "ctx")
            || method.DescendantNodes()
                .Any(node => node is VariableDeclaratorSyntax { Identifier.ValueText: "ctx" }
                or ParameterSyntax { Identifier.ValueText: "ctx" }
                or SingleVariableDesignationSyntax { Identifier.ValueText: "ctx" }))
        {
            return false;
        }

        if (_taken.Add(method))
        {
            _methods.Enqueue(method);
        }

        return true;
    }

    /// <summary>
    /// Finds all callers. False where one stands elsewhere, is none, or has no context to give.
    /// </summary>
    internal async Task<bool> FindAsync(IMethodSymbol constructor)
    {
        foreach (var node in await ReferencesAsync(constructor).ConfigureAwait(false))
        {
            if (node?.FirstAncestorOrSelf<BaseObjectCreationExpressionSyntax>()
                is not { ArgumentList: { } arguments }
                || arguments.Arguments.Any(argument => argument.NameColon is not null))
            {
                return false;
            }

            Constructions.Add(arguments);
        }

        while (_methods.Count > 0)
        {
            var symbol = place.Model.GetDeclaredSymbol(_methods.Dequeue(), place.CancellationToken)!;
            foreach (var node in await ReferencesAsync(symbol).ConfigureAwait(false))
            {
                if (node is null || Call(node) is not { } call || !Give(call))
                {
                    return false;
                }
            }
        }

        return Constructions.Count > 0;
    }

    internal void AddTo(SolutionEdits edits, TypeSyntax contextType)
    {
        foreach (var method in _taken)
        {
            var parameter = SyntaxFactory.Parameter(SyntaxFactory.Identifier("ctx"))
                .WithType(contextType.WithoutTrivia().WithTrailingTrivia(SyntaxFactory.Space));
            edits.Add(place.Document, method.ParameterList,
                old => old.WithParameters(Prepend(old.Parameters, parameter)));
        }

        foreach (var call in _calls)
        {
            var argument = SyntaxFactory.Argument(SyntaxFactory.ParseExpression(call.Value));
            edits.Add(place.Document, call.Key, old => old.WithArguments(Prepend(old.Arguments, argument)));
        }
    }

    private bool Give(InvocationExpressionSyntax call)
    {
        var scope = ContextScope.InForce(call, place.Model, place.Known, place.CancellationToken);
        if (scope is { IsContext: true } found && !found.Symbol.ContainingSymbol.IsSame(Constructor()))
        {
            _calls[call.ArgumentList] = found.Expression;
            return true;
        }

        _calls[call.ArgumentList] = "ctx";
        return Take(call);
    }

    private ISymbol? Constructor() =>
        place.Model.GetDeclaredSymbol(type, place.CancellationToken)?.InstanceConstructors.FirstOrDefault();

    // Null for one in another document.
    private async Task<List<SyntaxNode?>> ReferencesAsync(ISymbol symbol)
    {
        var found = await SymbolFinder.FindReferencesAsync(
            symbol, place.Document.Project.Solution, place.CancellationToken).ConfigureAwait(false);
        return [.. found.Where(one => one.Definition.IsSame(symbol)).SelectMany(one => one.Locations)
            .Select(one => one.Document.Id == place.Document.Id
            ? place.Root.FindNode(one.Location.SourceSpan, getInnermostNodeForTie: true)
            : null)];
    }

    private static InvocationExpressionSyntax? Call(SyntaxNode name)
    {
        var callee = name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name => access,
            MemberBindingExpressionSyntax binding => binding,
            _ => name,
        };
        return callee.Parent as InvocationExpressionSyntax is { } call && call.Expression == callee
            ? call : null;
    }

    private static bool ImplementsSomething(IMethodSymbol method) =>
        !method.ExplicitInterfaceImplementations.IsEmpty
        || method.ContainingType.AllInterfaces.SelectMany(one => one.GetMembers(method.Name))
            .Any(member => method.ContainingType.FindImplementationForInterfaceMember(member).IsSame(method));

    private static SeparatedSyntaxList<T> Prepend<T>(SeparatedSyntaxList<T> list, T item)
        where T : SyntaxNode => list.Count == 0
            ? SyntaxFactory.SingletonSeparatedList(item)
            : SyntaxFactory.SeparatedList(
                [item, .. list], [SyntaxFactory.Token(SyntaxKind.CommaToken)
                    .WithTrailingTrivia(SyntaxFactory.Space), .. list.GetSeparators()]);
}
