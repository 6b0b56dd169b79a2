using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Flow;

/// <summary>
/// Finds the overload of a called method that takes a context or a token, and differs in nothing else.
/// </summary>
internal static class Overloads
{
    /// <summary>
    /// Among the members of the type that is called. The parameter to fill; null if there is none.
    /// </summary>
    internal static IParameterSymbol? Member(
        IInvocationOperation call, SemanticModel model, KnownSymbols known)
    {
        var target = call.TargetMethod;
        if (target.MethodKind is MethodKind.LocalFunction || target.ContainingType is not { } type)
        {
            return null;
        }

        if (type.IsExtension)
        {
            return First(
                type.ContainingType.GetTypeMembers().Where(block => block.IsExtension
                    && HasSameReceiver(block, type))
                    .SelectMany(block => block.GetMembers(target.Name)),
                call, model, known);
        }

        var start = target.IsStatic ? type : call.Instance?.Type ?? type;
        for (var at = start; at is not null; at = at.BaseType)
        {
            if (First(at.GetMembers(target.Name), call, model, known) is { } found)
            {
                return found;
            }
        }

        return start.TypeKind is TypeKind.Interface or TypeKind.TypeParameter
            ? First(start.AllInterfaces.SelectMany(one => one.GetMembers(target.Name)), call, model, known)
            : null;
    }

    /// <summary>
    /// Whether the call has a receiver, so that an extension could be what takes the context. Not what .NET
    /// itself does at once, such as <c>Where</c> and <c>Split</c>: nobody extends these, and looking costs
    /// most of what the rule does.
    /// </summary>
    internal static bool CouldBeExtended(IInvocationOperation call, KnownSymbols known) =>
        call.Syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax }
        && call.TargetMethod.MethodKind is MethodKind.Ordinary
        && (call.Instance is { Type: not null } || call.TargetMethod.IsExtensionMethod)
        && (!IsOfSystem(call.TargetMethod) || known.IsTask(call.TargetMethod.ReturnType));

    /// <summary>Among the extension methods in scope. Slower: ask where a context is in scope.</summary>
    internal static IParameterSymbol? Extension(
        IInvocationOperation call, SemanticModel model, KnownSymbols known)
    {
        var receiver = call.Instance?.Type
            ?? (call.Syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access }
                ? model.GetTypeInfo(access.Expression).Type
                : null);
        if (receiver is null)
        {
            return null;
        }

        var target = call.TargetMethod.IsExtensionMethod
            ? call.TargetMethod.ReduceExtensionMethod(receiver) : call.TargetMethod;
        if (target is null)
        {
            return null;
        }

        foreach (var symbol in model.LookupSymbols(
            call.Syntax.SpanStart, receiver, call.TargetMethod.Name, includeReducedExtensionMethods: true))
        {
            if (symbol is IMethodSymbol { MethodKind: MethodKind.ReducedExtension } method
                && Extra(target.ConstructedFrom, method.ConstructedFrom, call, known) is { } parameter)
            {
                return parameter;
            }
        }

        return null;
    }

    /// <summary>
    /// The method that takes a context first and otherwise what the called one takes, but for its token.
    /// </summary>
    internal static IMethodSymbol? Twin(
        IInvocationOperation call, IParameterSymbol token, SemanticModel model, KnownSymbols known)
    {
        if (call.TargetMethod is not { MethodKind: MethodKind.Ordinary, ContainingType: { } type } target)
        {
            return null;
        }

        var start = target.IsStatic ? type : call.Instance?.Type ?? type;
        for (var at = start; at is not null; at = at.BaseType)
        {
            foreach (var member in at.GetMembers(target.Name))
            {
                if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary } method && method.IsStatic == target.IsStatic
                    && IsTwin(method, target, token.Ordinal, offset: target.IsExtensionMethod ? 1 : 0, call, known)
                    && model.IsAccessible(call.Syntax.SpanStart, method))
                {
                    return method;
                }
            }
        }

        return ExtendedTwin(call, token, model, known);
    }

    private static IMethodSymbol? ExtendedTwin(
        IInvocationOperation call, IParameterSymbol token, SemanticModel model, KnownSymbols known)
    {
        if (call.Syntax is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access }
            || (call.Instance?.Type ?? model.GetTypeInfo(access.Expression).Type) is not { } receiver
            || (call.TargetMethod.IsExtensionMethod
                ? call.TargetMethod.ReduceExtensionMethod(receiver) : call.TargetMethod) is not { } target)
        {
            return null;
        }

        var at = token.Ordinal - (call.TargetMethod.IsExtensionMethod ? 1 : 0);
        foreach (var symbol in model.LookupSymbols(
            call.Syntax.SpanStart, receiver, target.Name, includeReducedExtensionMethods: true))
        {
            if (symbol is IMethodSymbol { MethodKind: MethodKind.ReducedExtension } method
                && IsTwin(method, target, at, offset: 0, call, known))
            {
                return method;
            }
        }

        return null;
    }

    private static bool IsTwin(IMethodSymbol other, IMethodSymbol target, int token, int offset,
        IInvocationOperation call, KnownSymbols known)
    {
        target = target.ConstructedFrom;
        other = other.ConstructedFrom;
        if (other.Arity != target.Arity || other.Parameters.Length < target.Parameters.Length
            || other.Parameters.Length <= offset || !other.Parameters[offset].Type.IsSame(known.Context)
            || other.Parameters.Skip(target.Parameters.Length).Any(static more => !more.IsOptional) || IsObsolete(other))
        {
            return false;
        }

        var theirs = target.Parameters.Where(parameter => parameter.Ordinal != token).ToList();
        var own = other.Parameters.Where(parameter => parameter.Ordinal != offset).ToList();
        return theirs.Zip(own, IsSame).All(static same => same)
            && (IsSameType(target.ReturnType, other.ReturnType)
                || IsSameWhenAwaited(target.ReturnType, other.ReturnType, call, known));
    }

    private static bool IsOfSystem(IMethodSymbol method)
    {
        var space = method.ContainingType?.ContainingNamespace;
        while (space is { ContainingNamespace: { IsGlobalNamespace: false } outer })
        {
            space = outer;
        }

        return space?.Name is "System";
    }

    private static bool HasSameReceiver(INamedTypeSymbol block, INamedTypeSymbol other) =>
        block.ExtensionParameter is { } one && other.ExtensionParameter is { } two
            && IsSameType(one.Type, two.Type);

    private static IParameterSymbol? First(
        IEnumerable<ISymbol> members, IInvocationOperation call, SemanticModel model, KnownSymbols known)
    {
        foreach (var member in members)
        {
            if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary } method
                && method.IsStatic == call.TargetMethod.IsStatic
                && Extra(call.TargetMethod.ConstructedFrom, method, call, known) is { } parameter
                && model.IsAccessible(call.Syntax.SpanStart, method))
            {
                return parameter;
            }
        }

        return null;
    }

    /// <summary>
    /// The one parameter that <paramref name="other"/> has in addition, if it takes a context.
    /// </summary>
    private static IParameterSymbol? Extra(
        IMethodSymbol target, IMethodSymbol other, IInvocationOperation call,
        KnownSymbols known)
    {
        if (other.Parameters.Length != target.Parameters.Length + 1 || other.Arity != target.Arity
            || IsObsolete(other))
        {
            return null;
        }

        var at = 0;
        while (at < target.Parameters.Length && IsSame(target.Parameters[at], other.Parameters[at]))
        {
            at++;
        }

        var extra = other.Parameters[at];
        if (extra.RefKind is not RefKind.None || extra.IsParams || !(known.IsContext(extra.Type)
            || known.IsToken(extra.Type)))
        {
            return null;
        }

        for (; at < target.Parameters.Length; at++)
        {
            if (!IsSame(target.Parameters[at], other.Parameters[at + 1]))
            {
                return null;
            }
        }

        return IsSameType(target.ReturnType, other.ReturnType)
            || IsSameWhenAwaited(target.ReturnType, other.ReturnType, call, known)
            ? extra
            : null;
    }

    private static bool IsObsolete(IMethodSymbol method) =>
        method.GetAttributes().Any(attribute => attribute.AttributeClass?.Name is "ObsoleteAttribute");

    private static bool IsSame(IParameterSymbol one, IParameterSymbol other) =>
        one.RefKind == other.RefKind
        && (IsSameType(one.Type, other.Type)
            || (one.IsParams && ElementOf(one.Type) is { } loose && ElementOf(other.Type) is { } gathered
                && IsSameType(loose, gathered)));

    // A span of loose arguments can be given as an array.
    private static ITypeSymbol? ElementOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol { Name: "ReadOnlySpan", TypeArguments.Length: 1 } span => span.TypeArguments[0],
        _ => null,
    };

    private static bool IsSameType(ITypeSymbol one, ITypeSymbol other) => (one, other) switch
    {
        (ITypeParameterSymbol { DeclaringMethod: not null } a,
            ITypeParameterSymbol { DeclaringMethod: not null } b) =>
            a.Ordinal == b.Ordinal,
        (ITypeParameterSymbol { DeclaringType.IsExtension: true } a,
            ITypeParameterSymbol { DeclaringType.IsExtension: true } b) =>
            a.Ordinal == b.Ordinal,
        (IArrayTypeSymbol a, IArrayTypeSymbol b) =>
            a.Rank == b.Rank && IsSameType(a.ElementType, b.ElementType),
        (INamedTypeSymbol { IsGenericType: true } a, INamedTypeSymbol { IsGenericType: true } b) =>
            a.OriginalDefinition.IsSame(b.OriginalDefinition)
            && a.TypeArguments.Zip(b.TypeArguments, IsSameType).All(same => same),
        _ => one.IsSame(other),
    };

    // A Task for a ValueTask, or the reverse: the same to whoever awaits it on the spot.
    private static bool IsSameWhenAwaited(ITypeSymbol one, ITypeSymbol other, IInvocationOperation call,
        KnownSymbols known)
    {
        if (!known.IsTask(one) || !known.IsTask(other) || !IsAwaited(call.Syntax))
        {
            return false;
        }

        return (one, other) is (INamedTypeSymbol a, INamedTypeSymbol b)
            && a.TypeArguments.Length == b.TypeArguments.Length
            && a.TypeArguments.Zip(b.TypeArguments, IsSameType).All(same => same);
    }

    private static bool IsAwaited(SyntaxNode call) => call.Parent switch
    {
        AwaitExpressionSyntax => true,
        ParenthesizedExpressionSyntax parentheses => IsAwaited(parentheses),
        MemberAccessExpressionSyntax
        {
            Name.Identifier.ValueText: "ConfigureAwait",
            Parent: InvocationExpressionSyntax outer
        } =>
            outer.Parent.IsKind(SyntaxKind.AwaitExpression),
        _ => false,
    };
}
