using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.Internal;

/// <summary>Finds the context that code has where it stands.</summary>
/// <remarks>
/// The nearest function that has one decides. Within it a context goes before the framework's carriers, and
/// these before bare tokens; of several contexts, the one declared last before the place. Static lambdas and
/// local functions have only their own, and so has what a constructor gives the next. A context in a field is
/// none in scope: storing one is another rule's matter.
/// </remarks>
internal static class ContextScope
{
    internal static ContextInScope? Nearest(
        SyntaxNode place, SemanticModel model, KnownSymbols known, CancellationToken cancellationToken) =>
        Nearest(ContextSource.Token, place, model, known, cancellationToken);

    /// <summary>The nearest that is a context or carries one; a bare token does not count.</summary>
    internal static ContextInScope? NearestContext(
        SyntaxNode place, SemanticModel model, KnownSymbols known, CancellationToken cancellationToken) =>
        Nearest(ContextSource.Carrier, place, model, known, cancellationToken);

    /// <summary>All that are in scope, those of the nearest function first.</summary>
    internal static IEnumerable<ContextInScope> All(
        SyntaxNode place, SemanticModel model, KnownSymbols known, CancellationToken cancellationToken) =>
        Declared(place, model, known, cancellationToken).OfType<ContextInScope>();

    private static ContextInScope? Nearest(
        ContextSource last, SyntaxNode place, SemanticModel model, KnownSymbols known,
        CancellationToken cancellationToken)
    {
        ContextInScope? nearest = null;
        foreach (var one in Declared(place, model, known, cancellationToken))
        {
            if (one is { Source: ContextSource.Context } || (one is null && nearest is not null))
            {
                return one ?? nearest;
            }

            if (one is not null && one.Source <= last && (nearest is null || one.Source < nearest.Source))
            {
                nearest = one;
            }
        }

        return nearest;
    }

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
                && Ambient(member, model, known, cancellationToken) is { } ambient)
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

        if (type.IsOrDerivesFrom(known.HttpContext))
        {
            return known.HasRequestContext
                ? new(ContextSource.Carrier, symbol.Name + ".RequestContext", true, symbol)
                : new(ContextSource.Carrier, symbol.Name + ".RequestAborted", false, symbol);
        }

        if (!type.IsOrDerivesFrom(known.ServerCallContext))
        {
            return null;
        }

        return known.HasCallContext
            ? new(ContextSource.Carrier, symbol.Name + ".RequestContext", true, symbol)
            : new(ContextSource.Carrier, symbol.Name + ".CancellationToken", false, symbol);
    }

    // What an instance member of a hub or a controller inherits.
    private static ContextInScope? Ambient(
        MemberDeclarationSyntax member, SemanticModel model, KnownSymbols known,
        CancellationToken cancellationToken)
    {
        if (member.Modifiers.Any(SyntaxKind.StaticKeyword) || member is BaseTypeDeclarationSyntax
            || member.Parent is not TypeDeclarationSyntax declaration
            || (known.Hub is null && known.Controller is null)
            || model.GetDeclaredSymbol(declaration, cancellationToken) is not INamedTypeSymbol type)
        {
            return null;
        }

        if (type.IsOrDerivesFrom(known.Hub))
        {
            // Once the connection is gone, its token is no context for what is left to do.
            return member is MethodDeclarationSyntax { Identifier.ValueText: "OnDisconnectedAsync" }
                ? null
                : new(ContextSource.Carrier, "Context.ConnectionAborted", false, type);
        }

        if (!type.IsOrDerivesFrom(known.Controller))
        {
            return null;
        }

        return known.HasRequestContext
            ? new(ContextSource.Carrier, "HttpContext.RequestContext", true, type)
            : new(ContextSource.Carrier, "HttpContext.RequestAborted", false, type);
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
