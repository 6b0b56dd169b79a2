using Baton.Analyzers.Flow;
using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.LeftAlone;

/// <summary>
/// Places that are never told to pass the context of a request, because following that would do harm: the pages
/// of BTN101 and BTN112 list them with the reason.
/// </summary>
internal sealed class LeftAlonePlaces(ContextInScope scope, SemanticModel model, KnownSymbols known)
{
    private readonly bool _isSuggestion = scope.Source is ContextSource.Carrier;
    private readonly HashSet<string> _asked = [];

    /// <param name="place">The call that would be given the context.</param>
    /// <param name="callee">The name of what it calls.</param>
    internal bool Contain(SyntaxNode place, string callee) =>
        PointOfNoReturn.IsPassed(place, callee, _isSuggestion)
        || FailedBranch.Contains(place, callee, _isSuggestion)
        || (_isSuggestion && TypeOf(place) is { } type && WithoutRequest.IsType(type, known))
        || Contain(place, isOwn: true);

    private bool Contain(SyntaxNode place, bool isOwn)
    {
        if (DroppedTask.Is(place, model, known) || AfterTheRequest.FollowsNext(place, model))
        {
            return true;
        }

        for (var at = place; at.Parent is { } parent and not BaseTypeDeclarationSyntax; at = parent)
        {
            if (Is(at, parent))
            {
                return true;
            }

            // Beyond the function that has the context as its own, another one would run with another.
            if (isOwn && !_isSuggestion && IsFunction(parent) && Declares(parent))
            {
                return IsHelper(parent);
            }

            if (IsFunction(parent) && IsHelper(parent))
            {
                return true;
            }
        }

        return false;
    }

    private bool Is(SyntaxNode node, SyntaxNode parent) =>
        SharedTask.Is(node, parent, model)
        || (parent is CatchClauseSyntax && (_isSuggestion || Writes(node)))
        || (node is AnonymousFunctionExpressionSyntax lambda && IsLeftAlone(lambda))
        || (IsFunction(parent) && (AfterTheRequest.IsHandler(parent, model)
            || (_isSuggestion && AfterTheRequest.IsGivenFailure(parent, model))));

    private bool IsLeftAlone(AnonymousFunctionExpressionSyntax lambda) =>
        AfterTheRequest.IsCallback(lambda) || DroppedTask.Is(lambda, model, known)
        || (_isSuggestion && EarlyMiddleware.Contains(lambda));

    // The response that tells of the error.
    private bool Writes(SyntaxNode block) => known.HttpResponse is not null && block.DescendantNodes()
        .OfType<ExpressionSyntax>()
        .Any(one => one is IdentifierNameSyntax or MemberAccessExpressionSyntax
            && model.GetTypeInfo(one).Type.IsOrDerivesFrom(known.HttpResponse));

    private bool Declares(SyntaxNode function) => scope.Symbol.DeclaringSyntaxReferences.Any(one =>
        one.SyntaxTree == function.SyntaxTree && function.Span.Contains(one.Span));

    // A private method, or a local function, of which all calls stand at such places.
    private bool IsHelper(SyntaxNode function)
    {
        var name = function switch
        {
            MethodDeclarationSyntax method when IsPrivate(method) => method.Identifier.ValueText,
            LocalFunctionStatementSyntax local => local.Identifier.ValueText,
            _ => null,
        };
        if (name is null || !_asked.Add(name))
        {
            return false;
        }

        var uses = Uses(function, name).ToList();
        return uses.Count > 0 && uses.TrueForAll(use => IsAtSuchAPlace(use, name));
    }

    private bool IsAtSuchAPlace(IdentifierNameSyntax use, string name)
    {
        // One that calls itself says nothing of who calls it.
        if (use.Ancestors().Any(one => one is MethodDeclarationSyntax { Identifier.ValueText: var method }
            && method == name))
        {
            return true;
        }

        if (CleanupCode.Contains(use) || CleanupCode.IsInCatch(use))
        {
            return true;
        }

        SyntaxNode place = use.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } call
            && call.Expression.Span.Contains(use.Span) ? call : use;
        return use.SyntaxTree == model.SyntaxTree && Contain(place, isOwn: false);
    }

    private static IEnumerable<IdentifierNameSyntax> Uses(SyntaxNode function, string name)
    {
        var scope = function is LocalFunctionStatementSyntax
            ? function.Parent : function.FirstAncestorOrSelf<TypeDeclarationSyntax>();
        return scope is null ? [] : scope.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(one => one.Identifier.ValueText == name);
    }

    private static bool IsPrivate(MethodDeclarationSyntax method) =>
        method.Parent is TypeDeclarationSyntax type && !type.Modifiers.Any(SyntaxKind.PartialKeyword)
        && !method.Modifiers.Any(static one => one.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword
            or SyntaxKind.ProtectedKeyword)
        && method.ExplicitInterfaceSpecifier is null && type is not InterfaceDeclarationSyntax;

    private INamedTypeSymbol? TypeOf(SyntaxNode place) =>
        model.GetEnclosingSymbol(place.SpanStart)?.ContainingType;

    private static bool IsFunction(SyntaxNode node) =>
        node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax
        || (node.IsMember() && node is not BaseTypeDeclarationSyntax);
}
