using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>What the rules about derived contexts ask of a call.</summary>
internal static class Derivations
{
    /// <summary>Whether the call makes a context that somebody has to dispose.</summary>
    internal static bool IsCreation(IInvocationOperation call, KnownSymbols known) =>
        call.TargetMethod.Name.StartsWith("With", StringComparison.Ordinal)
            && known.IsCancelable(call.TargetMethod.ReturnType);

    /// <summary>The context the call derives from.</summary>
    internal static IOperation? Parent(IInvocationOperation call) =>
        call.Instance ?? call.Arguments.FirstOrDefault()?.Value;

    /// <summary>What to call that context in a message.</summary>
    internal static string ParentText(IInvocationOperation call)
    {
        var text = Parent(call)?.Syntax.ToString();
        return text is { Length: > 0 and <= 40 } && text.IndexOf('\n') < 0 && text[0] != '.'
            ? text : "its parent";
    }

    /// <summary>The name of the called method, where it stands.</summary>
    internal static SyntaxToken Name(IInvocationOperation call) =>
        (call.Syntax as InvocationExpressionSyntax)?.Expression switch
        {
            MemberAccessExpressionSyntax access => access.Name.Identifier,
            MemberBindingExpressionSyntax binding => binding.Name.Identifier,
            SimpleNameSyntax name => name.Identifier,
            _ => call.Syntax.GetFirstToken(),
        };

    internal static IOperation WithoutConversions(IOperation operation)
    {
        while (operation is IConversionOperation conversion)
        {
            operation = conversion.Operand;
        }

        return operation;
    }

    /// <summary>The function a piece of code belongs to; null for the member itself.</summary>
    internal static IOperation? FunctionOf(IOperation operation)
    {
        for (var at = operation.Parent; at is not null; at = at.Parent)
        {
            if (at is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                return at;
            }
        }

        return null;
    }

    internal static IOperation RootOf(IOperation operation)
    {
        while (operation.Parent is { } parent)
        {
            operation = parent;
        }

        return operation;
    }
}
