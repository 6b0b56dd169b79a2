using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>
/// Follows the ownership of a <c>CancelableContext</c> from a value to what the code does with it. Whatever
/// it does not know takes ownership: then there is nothing to report.
/// </summary>
internal static class Ownership
{
    /// <summary>What happens to the value; <paramref name="local"/> is where it is kept.</summary>
    internal static Fate Of(IOperation value, KnownSymbols known, out ILocalSymbol? local)
    {
        local = null;
        for (var at = value; at.Parent is { } parent; at = parent)
        {
            switch (parent)
            {
                case IConversionOperation or ICoalesceOperation when HidesOwner(parent.Type, known):
                    return IsStored(parent) ? Fate.Moved : Fate.Used;
                case IConversionOperation or IParenthesizedOperation or ISwitchExpressionOperation
                    or ICoalesceOperation:
                case ISwitchExpressionArmOperation or IConditionalOperation:
                case IConditionalAccessOperation access when access.WhenNotNull == at:
                    continue;
                case IConditionalAccessOperation access:
                    return OfReceiver(FirstMember(access.WhenNotNull), known);
                case ISimpleAssignmentOperation assignment when assignment.Value == at:
                    local = (assignment.Target as ILocalReferenceOperation)?.Local;
                    return assignment.Target is IDiscardOperation
                        ? Fate.Dropped : OfPlace(local, assignment, known);
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                    local = declarator.Symbol;
                    return IsUsing(declarator) ? Fate.Released : Fate.Kept;
                default:
                    return OfEnd(at, parent, known);
            }
        }

        return Fate.Moved;
    }

    /// <summary>The variable that a pattern puts the value into: <c>ctx.WithCancel() is { } child</c>.</summary>
    internal static ILocalSymbol? BoundByPattern(IOperation value)
    {
        var parent = value.Parent;
        while (parent is IConversionOperation or IParenthesizedOperation)
        {
            parent = parent.Parent;
        }

        return parent switch
        {
            IIsPatternOperation one => Bound(one.Pattern),
            ISwitchOperation choice => choice.Cases.SelectMany(static one => one.Clauses)
                .OfType<IPatternCaseClauseOperation>().Select(static one => Bound(one.Pattern))
                .FirstOrDefault(static one => one is not null),
            _ => null,
        };
    }

    private static ILocalSymbol? Bound(IPatternOperation pattern) => pattern switch
    {
        IDeclarationPatternOperation { DeclaredSymbol: ILocalSymbol local } => local,
        IRecursivePatternOperation { DeclaredSymbol: ILocalSymbol local } => local,
        IBinaryPatternOperation both => Bound(both.LeftPattern) ?? Bound(both.RightPattern),
        _ => null,
    };

    /// <summary>Whether the call ends the context: <c>Dispose</c> or <c>Cancel</c>.</summary>
    private static bool IsRelease(IMethodSymbol method, KnownSymbols known) =>
        method.Name is "Dispose" or "Cancel"
        && (known.IsCancelable(method.ContainingType) || method.ContainingType.IsSame(known.Disposable));

    private static Fate OfEnd(IOperation value, IOperation parent, KnownSymbols known) => parent switch
    {
        IInvocationOperation or IMemberReferenceOperation => OfReceiver(parent, known),
        IAssignmentOperation assignment when assignment.Target == value => Fate.Overwritten,
        IUsingOperation => Fate.Released,
        IExpressionStatementOperation => Fate.Dropped,
        IIsPatternOperation pattern => Declares(pattern.Pattern) ? Fate.Moved : Fate.Used,
        IBinaryOperation or IInterpolationOperation or INameOfOperation or IIsTypeOperation => Fate.Used,
        _ => Fate.Moved,
    };

    private static Fate OfReceiver(IOperation? member, KnownSymbols known) => member switch
    {
        IInvocationOperation call => IsRelease(call.TargetMethod, known) ? Fate.Released : Fate.Used,
        IMethodReferenceOperation => Fate.Moved,
        _ => Fate.Used,
    };

    // An assignment is itself a value: M(child = ctx.WithCancel()).
    private static Fate OfPlace(ILocalSymbol? local, IOperation assignment, KnownSymbols known)
    {
        if (local is null)
        {
            return Fate.Moved;
        }

        return assignment.Parent is IExpressionStatementOperation || Of(assignment, known, out _) is Fate.Used
            ? Fate.Kept
            : Fate.Moved;
    }

    // As a Context or a token it cannot be disposed: whoever gets it so does not own it.
    private static bool HidesOwner(ITypeSymbol? type, KnownSymbols known) =>
        known.IsToken(type)
            || (known.IsContext(type) && !known.IsCancelable(type) && type is not ITypeParameterSymbol);

    // In a field or property it is another rule's matter, which reports the declaration.
    private static bool IsStored(IOperation value)
    {
        var parent = value.Parent;
        while (parent
            is IConversionOperation or IParenthesizedOperation or ICoalesceOperation or IConditionalOperation)
        {
            parent = parent.Parent;
        }

        return parent is IFieldInitializerOperation or IPropertyInitializerOperation
            or ISimpleAssignmentOperation { Target: IMemberReferenceOperation };
    }

    private static bool IsUsing(IVariableDeclaratorOperation declarator) =>
        declarator.Parent is IVariableDeclarationOperation
        {
            Parent: IVariableDeclarationGroupOperation
            {
                Parent: IUsingDeclarationOperation or IUsingOperation
            },
        };

    private static bool Declares(IPatternOperation pattern) =>
        pattern is IDeclarationPatternOperation { DeclaredSymbol: not null }
        or IRecursivePatternOperation { DeclaredSymbol: not null };

    // What is called on the value itself: in child?.A().B() that is A.
    private static IOperation? FirstMember(IOperation whenNotNull)
    {
        foreach (var operation in whenNotNull.DescendantsAndSelf())
        {
            if (operation is IConditionalAccessInstanceOperation)
            {
                return operation.Parent;
            }
        }

        return null;
    }
}
