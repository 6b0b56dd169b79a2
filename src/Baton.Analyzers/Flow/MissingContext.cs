using Baton.Analyzers.Internal;
using Baton.Analyzers.LeftAlone;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Flow;

/// <summary>A call that could be given a context and is not, although one is in scope.</summary>
/// <param name="Scope">The context to give.</param>
/// <param name="Callee">The method to call: the same one, or its overload.</param>
/// <param name="Parameter">The parameter of <paramref name="Callee"/> that takes it.</param>
internal readonly record struct MissingContext(
    ContextInScope Scope, IMethodSymbol Callee, IParameterSymbol Parameter)
{
    /// <summary>Null where the call is right as it is, and where its token is CA2016's to report.</summary>
    internal static MissingContext? Of(
        IInvocationOperation call, SemanticModel model, KnownSymbols known,
        CancellationToken cancellationToken)
    {
        var target = call.TargetMethod;
        if (target.MethodKind is not (MethodKind.Ordinary or MethodKind.LocalFunction or MethodKind.DelegateInvoke)
            || call.IsImplicit || IsBuiltIn(target) || IsOurs(target, known) || IsGiven(call, known))
        {
            return null;
        }

        var parameter = Unfilled(call, known) ?? Overloads.Member(call, model, known);
        if (parameter is null && !Overloads.CouldBeExtended(call, known))
        {
            return null;
        }

        if (ContextScope.InForce(call.Syntax, model, known, cancellationToken) is not { } scope
            || scope.Source is ContextSource.Token || IsGivenCarrier(call, known))
        {
            return null;
        }

        parameter ??= Overloads.Extension(call, model, known);
        return parameter?.ContainingSymbol is IMethodSymbol callee
            && !IsAllowed(call, callee, scope, model, known)
            ? new MissingContext(scope, callee, parameter)
            : null;
    }

    internal static bool IsOurs(IMethodSymbol target, KnownSymbols known) =>
        target.ContainingAssembly.IsSame(known.Context.ContainingAssembly);

    // A method of `string`, `object`, `DateTime` and the like takes no context.
    private static bool IsBuiltIn(IMethodSymbol target) =>
        target.ContainingType is { SpecialType: not SpecialType.None };

    private static bool IsGiven(IInvocationOperation call, KnownSymbols known)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.ArgumentKind is ArgumentKind.DefaultValue)
            {
                continue;
            }

            if (Gives(argument.Parameter?.Type, known) || Gives(argument.Value.Unconverted().Type, known))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Gives(ITypeSymbol? type, KnownSymbols known) =>
        type is { SpecialType: SpecialType.None }
        && (known.IsContext(type) || known.IsToken(type) || type.IsSame(known.CancellationTokenSource));

    // Asked last: the attributes of each type that is given are not for free.
    private static bool IsGivenCarrier(IInvocationOperation call, KnownSymbols known)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.ArgumentKind is not ArgumentKind.DefaultValue
                && (Carries(argument.Parameter?.Type, known)
                    || Carries(argument.Value.Unconverted().Type, known)))
            {
                return true;
            }
        }

        return false;
    }

    // `Render(http.Response)`: it has the request. As a receiver, `http.Response.WriteAsync(…)`, it says nothing.
    internal static bool IsGivenRequest(IInvocationOperation call, KnownSymbols known) =>
        call.Arguments.Skip(call.TargetMethod.IsExtensionMethod ? 1 : 0).Any(argument =>
            argument.ArgumentKind is not ArgumentKind.DefaultValue
            && argument.Value.Unconverted().Type is { SpecialType: SpecialType.None } type
            && (type.IsOrDerivesFrom(known.HttpContext) || type.IsOrDerivesFrom(known.HttpRequest)
                || type.IsOrDerivesFrom(known.HttpResponse) || type.IsOrDerivesFrom(known.ActionContext)
                || type.IsOrDerivesFrom(known.ServerCallContext)));

    // A request, a gRPC call or a carrier brings its context along.
    private static bool Carries(ITypeSymbol? type, KnownSymbols known) =>
        type is { SpecialType: SpecialType.None }
        && (type.IsOrDerivesFrom(known.HttpContext) || type.IsOrDerivesFrom(known.ServerCallContext)
            || type.HasAttribute(known.ContextCarrier)
            || type is
            {
                Name: "CallOptions", ContainingNamespace: { Name: "Core", ContainingNamespace.Name: "Grpc" },
            });

    private static IParameterSymbol? Unfilled(IInvocationOperation call, KnownSymbols known)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.ArgumentKind is ArgumentKind.DefaultValue && argument.Parameter is { } parameter
                && (known.IsContext(parameter.Type) || known.IsToken(parameter.Type)
                    || (parameter.Type.OriginalDefinition.SpecialType is SpecialType.System_Nullable_T
                        && known.IsToken(((INamedTypeSymbol)parameter.Type).TypeArguments[0]))))
            {
                return parameter;
            }
        }

        return null;
    }

    private static bool IsAllowed(IInvocationOperation call, IMethodSymbol callee, ContextInScope scope,
        SemanticModel model, KnownSymbols known) =>
        CleanupCode.IsCleanupName(callee.Name)
        || Scheduling.Is(callee)
        || SaysWhoCanceled(callee)
        || IsGivenLater(call.Syntax)
        || IsInside(call.Syntax, callee, model)
        || call.IsInExpressionTree()
        || IsGivenRequest(call, known)
        || EndedCode.Contains(call.Syntax, model, known)
        || LeftAloneCalls.Contain(call, scope, known)
        || new LeftAlonePlaces(scope, model, known).Contain(call.Syntax, callee.Name);

    // `TrySetCanceled(token)`: that token is no wait's.
    private static bool SaysWhoCanceled(IMethodSymbol callee) =>
        callee.ContainingType.Name is "TaskCompletionSource";

    // `ReadAllAsync().WithCancellation(ctx)`
    private static bool IsGivenLater(SyntaxNode call)
    {
        for (var at = call;
            at.Parent is MemberAccessExpressionSyntax access && access.Expression == at;
            at = access.Parent)
        {
            if (access.Name.Identifier.ValueText is "WithCancellation")
            {
                return true;
            }

            if (access.Parent is not InvocationExpressionSyntax)
            {
                return false;
            }
        }

        return false;
    }

    // The overload that takes a context, made of the one that takes none.
    internal static bool IsInside(SyntaxNode place, IMethodSymbol callee, SemanticModel model)
    {
        var called = (callee.ReducedFrom ?? callee).OriginalDefinition;
        for (var symbol = model.GetEnclosingSymbol(place.SpanStart);
            symbol is IMethodSymbol;
            symbol = symbol.ContainingSymbol)
        {
            if (symbol.OriginalDefinition.IsSame(called))
            {
                return true;
            }
        }

        return false;
    }
}
