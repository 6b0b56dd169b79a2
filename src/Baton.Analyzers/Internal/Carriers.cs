using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.Internal;

/// <summary>
/// Objects of the framework that have the context of a request, a gRPC call or a connection: what to type to
/// get it.
/// </summary>
internal static class Carriers
{
    /// <summary>What the local or parameter of this type carries; null for what is no carrier.</summary>
    internal static ContextInScope? Of(ISymbol symbol, ITypeSymbol type, KnownSymbols known)
    {
        if (type.IsOrDerivesFrom(known.HttpContext))
        {
            // A request that the code itself makes, for a test, has not passed through UseBaton().
            return IsMadeHere(symbol) ? null : OfHttpContext(symbol.Name, symbol, known);
        }

        if (type.IsOrDerivesFrom(known.HttpRequest) || type.IsOrDerivesFrom(known.HttpResponse)
            || type.IsOrDerivesFrom(known.ActionContext))
        {
            return OfHttpContext(symbol.Name, symbol, known, ".HttpContext");
        }

        if (type.Implements(known.HttpContextAccessor))
        {
            return IsOfNoRequest(symbol.ContainingType, known) ? null : OfAccessor(symbol.Name, symbol);
        }

        if (type.IsOrDerivesFrom(known.HubCallerContext))
        {
            return new(ContextSource.Carrier, symbol.Name + ".ConnectionAborted", false, symbol);
        }

        if (!type.IsOrDerivesFrom(known.ServerCallContext))
        {
            return null;
        }

        return known.HasCallContext
            ? new(ContextSource.Carrier, symbol.Name + ".RequestContext", true, symbol)
            : new(ContextSource.Carrier, symbol.Name + ".CancellationToken", false, symbol);
    }

    /// <summary>What an instance member of a hub, a controller, a page or a view component inherits.</summary>
    internal static ContextInScope? Ambient(
        MemberDeclarationSyntax member, SemanticModel model, KnownSymbols known,
        CancellationToken cancellationToken)
    {
        // While the object is made there is no request yet.
        if (!known.HasCarriers || member.Modifiers.Any(SyntaxKind.StaticKeyword)
            || member is BaseTypeDeclarationSyntax or BaseFieldDeclarationSyntax or ConstructorDeclarationSyntax
            || member.Parent is not TypeDeclarationSyntax declaration
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

        return type.IsOrDerivesFrom(known.Controller) || type.IsOrDerivesFrom(known.PageModel)
            || type.IsOrDerivesFrom(known.ViewComponent)
                ? OfHttpContext("HttpContext", type, known)
                : KeptAccessor(type, known);
    }

    private static ContextInScope OfHttpContext(
        string name, ISymbol symbol, KnownSymbols known, string property = "")
    {
        var safely = symbol.TypeOf() is { NullableAnnotation: NullableAnnotation.Annotated };
        if (safely)
        {
            return new(ContextSource.Carrier, $"{name}?{property}.RequestAborted ?? default", false, symbol);
        }

        return known.HasRequestContext
            ? new(ContextSource.Carrier, $"{name}{property}.RequestContext", true, symbol)
            : new(ContextSource.Carrier, $"{name}{property}.RequestAborted", false, symbol);
    }

    // Outside of a request the accessor has none.
    private static ContextInScope OfAccessor(string name, ISymbol symbol) =>
        new(ContextSource.Carrier, name + ".HttpContext?.RequestAborted ?? default", false, symbol);

    private static ContextInScope? KeptAccessor(INamedTypeSymbol type, KnownSymbols known)
    {
        if (known.HttpContextAccessor is null || IsOfNoRequest(type, known))
        {
            return null;
        }

        for (var at = type; at is not null; at = at.BaseType)
        {
            foreach (var member in at.GetMembers())
            {
                if (member is IFieldSymbol or IPropertySymbol && !member.IsStatic
                    && !member.IsImplicitlyDeclared && IsSeen(member, type)
                    && member.TypeOf().Implements(known.HttpContextAccessor))
                {
                    return OfAccessor(member.Name, member);
                }
            }
        }

        return null;
    }

    private static bool IsSeen(ISymbol member, INamedTypeSymbol type) =>
        member.ContainingType.IsSame(type) || member.DeclaredAccessibility is not Accessibility.Private;

    // A component of Blazor outlives the request that rendered it first, and a hosted service belongs to none.
    private static bool IsOfNoRequest(INamedTypeSymbol? type, KnownSymbols known) =>
        type.Implements(known.Component) || type.Implements(known.HostedService);

    private static bool IsMadeHere(ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax()
            is VariableDeclaratorSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax };
}
