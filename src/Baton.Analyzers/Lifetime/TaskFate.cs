using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>
/// Tells whether anybody waits for a task, or a thread or timer is joined or disposed, before the method
/// ends.
/// </summary>
internal static class TaskFate
{
    /// <summary>
    /// Whether the value is dropped where it is made, put into a field, or kept in a local that is never
    /// asked again.
    /// </summary>
    internal static bool IsForgotten(IOperation value)
    {
        for (var at = value; at.Parent is { } parent; at = parent)
        {
            switch (parent)
            {
                case IConversionOperation or IParenthesizedOperation or IConditionalAccessOperation:
                case IConditionalOperation or ICoalesceOperation or ISwitchExpressionArmOperation
                    or ISwitchExpressionOperation:
                case IArrayInitializerOperation or IArrayCreationOperation or ICollectionExpressionOperation:
                    continue;
                case IArgumentOperation { Parent: IInvocationOperation both }
                    when both.TargetMethod.Name is "WhenAll" or "WhenAny":
                    parent = both;
                    continue;
                case IArgumentOperation { Parent: IInvocationOperation call } argument
                    when call.TargetMethod.IsExtensionMethod && call.Arguments[0] == argument:
                    if (call.Type?.SpecialType == SpecialType.System_Void)
                    {
                        return IsForgetting(call);
                    }

                    parent = call;
                    continue;
                case IInvocationOperation call when call.Instance == at:
                    if (call.Type?.SpecialType == SpecialType.System_Void)
                    {
                        return call.TargetMethod.Name == "Start" || IsForgetting(call);
                    }

                    continue;
                case IExpressionStatementOperation:
                    return true;
                case ISimpleAssignmentOperation assignment when assignment.Value == at:
                    return assignment.Target switch
                    {
                        IDiscardOperation => true,
                        ILocalReferenceOperation local => !IsAsked(local.Local, value),
                        _ => true,
                    };
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                    return !IsUsing(declarator) && !IsAsked(declarator.Symbol, value);
                default:
                    return false;
            }
        }

        return false;
    }

    private static bool IsForgetting(IInvocationOperation call) =>
        call.TargetMethod.Name.IndexOf("Forget", StringComparison.OrdinalIgnoreCase) >= 0;

    private static bool IsUsing(IVariableDeclaratorOperation declarator) =>
        declarator.Parent?.Parent?.Parent is IUsingDeclarationOperation or IUsingOperation;

    // Start is no question: of a thread only Join is one, and of a timer Dispose.
    private static bool IsAsked(ILocalSymbol local, IOperation value) =>
        Derivations.RootOf(value).Descendants().Any(one =>
        one is ILocalReferenceOperation { IsDeclaration: false } reference && reference.Local.IsSame(local)
            && reference.Parent switch
            {
                IAssignmentOperation assignment => assignment.Target != reference,
                IInvocationOperation call => call.Instance != reference
                    || call.TargetMethod.Name is not ("Start" or "Change" or "UnsafeStart"),
                IPropertyReferenceOperation property => property.Property.Name is "Result",
                _ => true,
            });
}
