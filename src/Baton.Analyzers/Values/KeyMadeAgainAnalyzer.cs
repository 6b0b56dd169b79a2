using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Values;

/// <summary>
/// BTN201: <c>new ContextKey&lt;T&gt;</c> elsewhere than in a static read-only member's initialiser.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class KeyMadeAgainAnalyzer() : ContextAnalyzer(Descriptors.KeyMadeAgain)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known) =>
        context.RegisterOperationAction(operation => Analyze(operation, known), OperationKind.ObjectCreation);

    private static void Analyze(OperationAnalysisContext context, KnownSymbols known)
    {
        if (context.Operation.Type?.OriginalDefinition.IsSame(known.ContextKey) != true
            || IsMadeOnce(context.Operation) || TestCode.Contains(context.ContainingSymbol, known))
        {
            return;
        }

        context.ReportDiagnostic(
            Diagnostic.Create(Descriptors.KeyMadeAgain, context.Operation.Syntax.GetLocation()));
    }

    // Also inside a collection or a call: all of an initialiser runs once, but for what is in a lambda.
    private static bool IsMadeOnce(IOperation creation)
    {
        var holder = creation.Parent;
        while (holder is not (null or IFieldInitializerOperation or IPropertyInitializerOperation
            or IAnonymousFunctionOperation or IExpressionStatementOperation))
        {
            holder = holder.Parent;
        }

        return holder switch
        {
            IExpressionStatementOperation statement => IsInStaticConstructor(statement),
            IFieldInitializerOperation field =>
                field.InitializedFields.All(one => one is { IsStatic: true, IsReadOnly: true }),
            IPropertyInitializerOperation property =>
                property.InitializedProperties.All(one => one is { IsStatic: true, SetMethod: null }),
            _ => false,
        };
    }

    // `static Keys() => s_tenant = new("tenant");`, to a read-only field, and not in a loop.
    private static bool IsInStaticConstructor(IExpressionStatementOperation statement)
    {
        if (statement.Operation is not IAssignmentOperation
            {
                Target: IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: true } },
            })
        {
            return false;
        }

        for (var at = statement.Parent; at is not null; at = at.Parent)
        {
            if (at is ILoopOperation or IAnonymousFunctionOperation)
            {
                return false;
            }
        }

        return true;
    }
}
