using Baton.Analyzers.Internal;
using Baton.Analyzers.Lifetime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Values;

internal enum KeyUseKind
{
    /// <summary>Given to <c>WithValue</c>.</summary>
    Set,

    /// <summary>Given to <c>Value</c> or <c>TryGetValue</c>.</summary>
    Read,

    /// <summary>Anything else: then nothing is known about the key.</summary>
    Other,
}

/// <summary>One use of a context key.</summary>
/// <param name="Key">The field or property that has the key.</param>
/// <param name="Kind">What it is used for.</param>
/// <param name="Function">The method or local function it stands in; a lambda's is that around it.</param>
/// <param name="Place">Where to report: the name of the called method.</param>
internal sealed record KeyUse(ISymbol Key, KeyUseKind Kind, ISymbol? Function, SyntaxToken Place)
{
    internal static KeyUse? Of(IOperation operation, ISymbol containing, KnownSymbols known)
    {
        if (operation is not IMemberReferenceOperation { Member: { IsStatic: true } key }
            || operation.Type?.OriginalDefinition.IsSame(known.ContextKey) != true)
        {
            return null;
        }

        var parent = operation.Parent;
        while (parent is IConversionOperation)
        {
            parent = parent.Parent;
        }

        var function = FunctionOf(operation, containing);
        return parent is IArgumentOperation { Parent: IInvocationOperation call }
            && known.IsContextMethod(call.TargetMethod)
            ? new(key, call.TargetMethod.Name == "WithValue" ? KeyUseKind.Set : KeyUseKind.Read, function,
                Derivations.Name(call))
            : new(key, KeyUseKind.Other, function, operation.Syntax.GetFirstToken());
    }

    /// <summary>The nearest function with a name.</summary>
    internal static ISymbol? FunctionOf(IOperation operation, ISymbol containing)
    {
        for (var at = operation.Parent; at is not null; at = at.Parent)
        {
            if (at is ILocalFunctionOperation local)
            {
                return local.Symbol.OriginalDefinition;
            }
        }

        return containing;
    }
}
