using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.Flow;

/// <summary>What a context or token was derived from, as its declaration shows.</summary>
/// <param name="Root">The variable at the start of the chain.</param>
/// <param name="CanEnd">
/// Whether a step gives it an end of its own: <c>WithTimeout</c>, not <c>WithValue</c>.
/// </param>
/// <param name="IsDetached">Whether a step is <c>WithoutCancel</c>.</param>
/// <param name="IsByHand">Whether its own end can only come by a call of <c>Cancel</c>.</param>
internal sealed record ContextChain(ISymbol Root, bool CanEnd, bool IsDetached, bool IsByHand)
{
    private const int MaxDepth = 16;

    /// <summary>The chain of an expression such as <c>ctx.WithValue(…).WithTimeout(…)</c>.</summary>
    internal static ContextChain? Of(ExpressionSyntax expression, SemanticModel model, KnownSymbols known)
    {
        var (canEnd, isDetached, isTimed) = (false, false, false);
        var at = expression;
        while (true)
        {
            switch (at)
            {
                case ParenthesizedExpressionSyntax parentheses:
                    at = parentheses.Expression;
                    continue;
                case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } call:
                    if (access.Name.Identifier.ValueText is "FromToken"
                        && call.ArgumentList.Arguments.Count is 1)
                    {
                        at = call.ArgumentList.Arguments[0].Expression;
                        continue;
                    }

                    if (model.GetSymbolInfo(call).Symbol is not IMethodSymbol method
                        || !known.IsDerivation(method))
                    {
                        return null;
                    }

                    canEnd |= known.IsCancelable(method.ReturnType);
                    isTimed |= known.IsCancelable(method.ReturnType) && (method.Name is not "WithCancel"
                        || !method.Parameters.IsEmpty);
                    isDetached |= method.Name is "WithoutCancel";
                    at = access.Expression;
                    continue;
                case MemberAccessExpressionSyntax access when IsOwnContext(access.Name.Identifier.ValueText):
                    at = access.Expression;
                    continue;
                case IdentifierNameSyntax
                    when model.GetSymbolInfo(at).Symbol is ILocalSymbol or IParameterSymbol:
                    return new(model.GetSymbolInfo(at).Symbol!, canEnd, isDetached, canEnd && !isTimed);
                default:
                    return null;
            }
        }
    }

    /// <summary>Whether the expression looks like a chain; costs nothing but a look at the syntax.</summary>
    internal static bool CouldBe(ExpressionSyntax? expression) => expression switch
    {
        IdentifierNameSyntax => true,
        ParenthesizedExpressionSyntax parentheses => CouldBe(parentheses.Expression),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } =>
            access.Name.Identifier.ValueText is var name
            && (name is "FromToken" || name.StartsWith("With", StringComparison.Ordinal)),
        MemberAccessExpressionSyntax access => IsOwnContext(access.Name.Identifier.ValueText),
        _ => false,
    };

    /// <summary>The variable itself, then what it was derived from, step by step.</summary>
    internal static IEnumerable<ContextChain> Upwards(
        ISymbol variable, SemanticModel model, KnownSymbols known)
    {
        ContextChain? at = new ContextChain(variable, false, false, false);
        for (var depth = 0; at is { } chain && depth < MaxDepth; depth++)
        {
            yield return chain;
            at = Initializer(chain.Root) is { } initializer && initializer.SyntaxTree == model.SyntaxTree
                ? Of(initializer, model, known)
                : null;
        }
    }

    /// <summary>A property that gives the context, or its token, of what it belongs to.</summary>
    internal static bool IsOwnContext(string property) =>
        property is "Done" or "RequestContext" or "RequestAborted" or "CancellationToken"
            or "ConnectionAborted";

    private static ExpressionSyntax? Initializer(ISymbol symbol) => symbol is ILocalSymbol
        && symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax()
            is VariableDeclaratorSyntax { Initializer.Value: { } value }
        ? value
        : null;
}
