using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>
/// A <c>ContextRegistration</c> that nobody keeps, on a context that is still there when the method is not.
/// </summary>
internal static class DroppedRegistration
{
    internal static bool Is(IInvocationOperation call, KnownSymbols known) =>
        IsDropped(call) && Derivations.Parent(call) is { } registered
            && Outlives(registered, call, known, depth: 0);

    private static bool IsDropped(IOperation call)
    {
        var parent = call.Parent;
        while (parent is IParenthesizedOperation or IConversionOperation or IConditionalAccessOperation)
        {
            parent = parent.Parent;
        }

        return parent switch
        {
            IExpressionStatementOperation => true,
            ISimpleAssignmentOperation { Target: IDiscardOperation } => true,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } =>
                declarator.Parent?.Parent?.Parent is not (IUsingDeclarationOperation or IUsingOperation)
                && !IsMentioned(declarator.Symbol, call),
            _ => false,
        };
    }

    private static bool IsMentioned(ILocalSymbol local, IOperation call) =>
        Derivations.RootOf(call).Descendants()
        .Any(one => one is ILocalReferenceOperation reference && reference.Local.IsSame(local));

    // One that the method itself derived ends with it, or is reported itself.
    private static bool Outlives(IOperation context, IOperation call, KnownSymbols known, int depth)
    {
        context = Derivations.WithoutConversions(context);
        switch (context)
        {
            case IInvocationOperation derivation when Derivations.IsCreation(derivation, known):
                return false;
            case IInvocationOperation derivation
                when known.IsDerivation(derivation.TargetMethod) && depth < 50:
                return derivation.TargetMethod.Name == "WithoutCancel"
                    || Derivations.Parent(derivation) is not { } parent
                    || Outlives(parent, call, known, depth + 1);
            case IPropertyReferenceOperation { Instance: { } owner }
                when owner.Type.IsSame(known.ContextGroup):
                return owner is not ILocalReferenceOperation;
            case IConditionalAccessInstanceOperation:
                return true;
            case ILocalReferenceOperation { Local: { } local } when depth < 50
                && local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } declaration:
                return known.IsCancelable(local.Type) ? declaration is not VariableDeclaratorSyntax
                    : declaration is not VariableDeclaratorSyntax { Initializer.Value: { } value }
                        || call.SemanticModel?.GetOperation(value) is not { } first
                        || Outlives(first, call, known, depth + 1);
            default:
                return true;
        }
    }
}
