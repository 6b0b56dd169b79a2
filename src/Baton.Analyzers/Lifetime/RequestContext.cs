using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>
/// Tells whether a value is the request's context or ends with it: <c>RequestContext</c>, the parameter of a
/// handler, and what is derived from these.
/// </summary>
internal sealed class RequestContext(KnownSymbols known, Compilation compilation)
{
    private readonly INamedTypeSymbol? _pageModel =
        known.Find("Microsoft.AspNetCore.Mvc.RazorPages.PageModel");

    // What is given to MapGet and the like by name, found once for the compilation when first asked for.
    private readonly Lazy<List<ExpressionSyntax>> _mapped = new(() => Mapped(compilation));

    internal bool Is(IOperation value, int depth = 0)
    {
        value = Derivations.WithoutConversions(value);
        return depth < 50 && value switch
        {
            IPropertyReferenceOperation { Property.Name: "RequestContext" } property =>
                known.IsContext(property.Type),
            IPropertyReferenceOperation { Property.Name: "Done", Instance: { } owner } =>
                Is(owner, depth + 1),
            IParameterReferenceOperation reference =>
                known.IsContext(reference.Type) && IsHandler(reference.Parameter.ContainingSymbol, reference),
            ILocalReferenceOperation reference => IsDerivedLocal(reference, depth),
            IInvocationOperation call => call.TargetMethod.Name != "WithoutCancel" && IsDerivation(call)
                && Derivations.Parent(call) is { } parent && Is(parent, depth + 1),
            _ => false,
        };
    }

    /// <summary>Whether it is the context parameter of a handler, or a local made of <c>RequestContext</c>.</summary>
    internal bool IsOfHandler(ISymbol symbol) => symbol switch
    {
        IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } lambda } =>
            lambda.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } syntax && IsMappedSyntax(syntax),
        IParameterSymbol { ContainingSymbol: IMethodSymbol method } =>
            IsHandlerMethod(method) || IsMappedByName(method) || IsMiddleware(method),
        ILocalSymbol local => local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax()
            is VariableDeclaratorSyntax { Initializer.Value: { } value }
            && value.DescendantNodesAndSelf().Any(static node =>
                node is IdentifierNameSyntax { Identifier.ValueText: "RequestContext" }),
        _ => false,
    };

    private bool IsMiddleware(IMethodSymbol method) =>
        method.Name is "Invoke" or "InvokeAsync" && method.Parameters[0].Type.IsSame(known.HttpContext);

    private static bool IsMappedSyntax(SyntaxNode lambda) =>
        lambda.Parent is ArgumentSyntax
        {
            Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access },
        }
        && IsMapName(access.Name.Identifier.ValueText);

    private bool IsDerivation(IInvocationOperation call) =>
        known.IsContext(call.Type) && call.TargetMethod.Name.StartsWith("With", StringComparison.Ordinal);

    private bool IsDerivedLocal(ILocalReferenceOperation reference, int depth) =>
        (known.IsContext(reference.Type) || known.IsToken(reference.Type))
        && reference.Local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax()
            is VariableDeclaratorSyntax { Initializer.Value: { } value }
        && value.SyntaxTree == reference.Syntax.SyntaxTree
        && reference.SemanticModel?.GetOperation(value) is { } initial && Is(initial, depth + 1);

    private bool IsHandler(ISymbol symbol, IOperation use) =>
        symbol is IMethodSymbol method && method.MethodKind switch
        {
            MethodKind.AnonymousFunction => IsMappedLambda(method, use),
            MethodKind.LocalFunction => IsMappedByName(method),
            MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation =>
                IsHandlerMethod(method) || IsMappedByName(method),
            _ => false,
        };

    /// <summary>Whether the method is an action, a method of a hub, or the handler of a page.</summary>
    internal bool IsEntry(IMethodSymbol method) =>
        method is { IsStatic: false, MethodKind: MethodKind.Ordinary, ContainingType: { IsAbstract: false } type }
        && method.DeclaredAccessibility is Accessibility.Public && !method.IsOverride
        && !method.GetAttributes().Any(static one => one.AttributeClass?.Name is "NonActionAttribute")
        && (type.IsOrDerivesFrom(known.Controller) || type.IsOrDerivesFrom(known.Hub) || HasApiController(type)
            || (type.IsOrDerivesFrom(_pageModel) && method.Name.StartsWith("On", StringComparison.Ordinal)));

    private bool IsHandlerMethod(IMethodSymbol method)
    {
        var type = method.ContainingType;
        if (method.IsStatic || type is null)
        {
            return false;
        }

        var isPublic = method.DeclaredAccessibility == Accessibility.Public;
        return (isPublic && (type.IsOrDerivesFrom(known.Controller) || type.IsOrDerivesFrom(known.Hub)
                || type.IsOrDerivesFrom(_pageModel) || HasApiController(type)))
            || (known.ServerCallContext is { } call
                && method.Parameters.Any(parameter => parameter.Type.IsOrDerivesFrom(call)));
    }

    private static bool HasApiController(INamedTypeSymbol type) => type.GetAttributes()
        .Any(one => one.AttributeClass?.Name is "ApiControllerAttribute" or "ControllerAttribute");

    private static bool IsMappedLambda(IMethodSymbol method, IOperation use)
    {
        for (var at = Derivations.FunctionOf(use); at is not null; at = Derivations.FunctionOf(at))
        {
            if (at is IAnonymousFunctionOperation lambda && lambda.Symbol.IsSame(method))
            {
                return Consumer(lambda) is { } call && IsMap(call.TargetMethod);
            }
        }

        return false;
    }

    /// <summary>
    /// The call whose argument the function is, through conversions and the making of a delegate.
    /// </summary>
    internal static IInvocationOperation? Consumer(IOperation function)
    {
        var at = function.Parent;
        while (at is IConversionOperation or IDelegateCreationOperation or IParenthesizedOperation)
        {
            at = at.Parent;
        }

        return at is IArgumentOperation ? at.Parent as IInvocationOperation : null;
    }

    internal static bool IsMap(IMethodSymbol method) => IsMapName(method.Name)
        && method.ContainingType?.ContainingNamespace?.ToDisplayString() == "Microsoft.AspNetCore.Builder";

    private static bool IsMapName(string name) =>
        name is "MapGet" or "MapPost" or "MapPut" or "MapDelete" or "MapPatch"
        or "MapMethods" or "Map" or "MapFallback";

    // app.MapGet("/x", Handler) may stand in any file; one with this parameter and a capture in it is rare
    // enough to look.
    private bool IsMappedByName(IMethodSymbol method)
    {
        foreach (var argument in _mapped.Value)
        {
            if (Names(argument, method))
            {
                return true;
            }
        }

        return false;
    }

    private static List<ExpressionSyntax> Mapped(Compilation compilation)
    {
        var found = new List<ExpressionSyntax>();
        foreach (var tree in compilation.SyntaxTrees)
        {
            foreach (var node in tree.GetRoot().DescendantNodes())
            {
                if (node is InvocationExpressionSyntax call
                    && call.Expression is MemberAccessExpressionSyntax access
                    && IsMapName(access.Name.Identifier.ValueText))
                {
                    found.AddRange(call.ArgumentList.Arguments.Select(argument => argument.Expression)
                        .Where(argument => argument is IdentifierNameSyntax or MemberAccessExpressionSyntax));
                }
            }
        }

        return found;
    }

    private static bool Names(ExpressionSyntax argument, IMethodSymbol method) => argument switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText == method.Name,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText == method.Name
            && access.Expression is SimpleNameSyntax type
            && type.Identifier.ValueText == method.ContainingType?.Name,
        _ => false,
    };
}
