using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.Internal;

/// <summary>Finds the context that code has where it stands.</summary>
/// <remarks>
/// The nearest function that has one decides. Within it the context or token that was declared last before the
/// place is the nearest; of the parameters of one function, a context goes before a token. The framework's
/// carriers count only in a function that has neither. Static lambdas and local functions have only their own,
/// and so has what a constructor gives the next. A context in a field is not in scope: storing a context is
/// another rule's subject.
/// </remarks>
internal static class ContextScope
{
    /// <summary>What is in force at a place: of contexts, tokens and carriers, the nearest.</summary>
    internal static ContextInScope? InForce(
        SyntaxNode place, SemanticModel model, KnownSymbols known, CancellationToken cancellationToken)
    {
        ContextInScope? carrier = null;
        ContextInScope? token = null;
        foreach (var one in Declared(place, model, known, cancellationToken))
        {
            switch (one)
            {
                case null when token is not null || carrier is not null:
                    return token ?? carrier;
                case { Source: ContextSource.Context }:
                    // A local token that is found first was declared after the context; a parameter was not.
                    return token is null || token.Symbol is IParameterSymbol ? one : token;
                case { Source: ContextSource.Token } when !ContextAlias.Is(one.Symbol, model, known):
                    token ??= one;
                    break;
                case { Source: ContextSource.Carrier }:
                    carrier ??= one;
                    break;
            }
        }

        return token ?? carrier;
    }

    /// <summary>The nearest that is a context or carries one; a bare token does not count.</summary>
    internal static ContextInScope? NearestContext(
        SyntaxNode place, SemanticModel model, KnownSymbols known, CancellationToken cancellationToken)
    {
        ContextInScope? carrier = null;
        foreach (var one in Declared(place, model, known, cancellationToken))
        {
            if (one is { Source: ContextSource.Context } || (one is null && carrier is not null))
            {
                return one ?? carrier;
            }

            if (one is { Source: ContextSource.Carrier })
            {
                carrier ??= one;
            }
        }

        return carrier;
    }

    /// <summary>
    /// The nearest <c>Context</c> that the author chose: null where the request, or another carrier, is
    /// nearer.
    /// </summary>
    internal static ContextInScope? NearestChosen(
        SyntaxNode place, SemanticModel model, KnownSymbols known, CancellationToken cancellationToken) =>
        NearestContext(place, model, known, cancellationToken) is { Source: ContextSource.Context } chosen
            ? chosen : null;

    /// <summary>All that are in scope, those of the nearest function first.</summary>
    internal static IEnumerable<ContextInScope> All(
        SyntaxNode place, SemanticModel model, KnownSymbols known, CancellationToken cancellationToken) =>
        Declared(place, model, known, cancellationToken).OfType<ContextInScope>();

    // From the place outwards, and a null wherever a function ends. Lazily: most often the first one will do.
    private static IEnumerable<ContextInScope?> Declared(
        SyntaxNode place, SemanticModel model, KnownSymbols known, CancellationToken cancellationToken)
    {
        for (SyntaxNode? node = place; node?.Parent is { } parent; node = parent)
        {
            foreach (var declared in Declarations.Before(node, parent))
            {
                if (model.GetDeclaredSymbol(declared, cancellationToken) is { } symbol
                    && Of(symbol, known) is { } one)
                {
                    yield return one;
                }
            }

            if (!IsFunction(parent))
            {
                continue;
            }

            if (parent is MemberDeclarationSyntax member
                && Carriers.Ambient(member, model, known, cancellationToken) is { } ambient)
            {
                yield return ambient;
            }

            if (IsStatic(parent) || node is ConstructorInitializerSyntax)
            {
                yield break;
            }

            yield return null;
        }
    }

    /// <summary>What the local or parameter gives: itself, or the context of what it stands for.</summary>
    internal static ContextInScope? Of(ISymbol symbol, KnownSymbols known)
    {
        var type = symbol.TypeOf();
        if (type is null or IErrorTypeSymbol
            || symbol is IParameterSymbol { RefKind: RefKind.Out } or { Name: "_" or "" })
        {
            return null;
        }

        if (known.IsContext(type))
        {
            return new(ContextSource.Context, symbol.Name, true, symbol);
        }

        if (known.IsToken(type))
        {
            return new(ContextSource.Token, symbol.Name, false, symbol);
        }

        return Carriers.Of(symbol, type, known);
    }

    private static bool IsFunction(SyntaxNode node) =>
        node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax
            or MemberDeclarationSyntax and not GlobalStatementSyntax;

    private static bool IsStatic(SyntaxNode node) => node switch
    {
        AnonymousFunctionExpressionSyntax lambda => lambda.Modifiers.Any(SyntaxKind.StaticKeyword),
        LocalFunctionStatementSyntax function => function.Modifiers.Any(SyntaxKind.StaticKeyword),
        BaseTypeDeclarationSyntax => true,
        MemberDeclarationSyntax member => member.Modifiers.Any(SyntaxKind.StaticKeyword),
        _ => false,
    };
}
