using Baton.Analyzers.Flow;
using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>
/// BTN005: a task, a stream or a response that still uses a derived context leaves the block that ends it.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class EndedTooSoonAnalyzer() : ContextAnalyzer(Descriptors.EndedTooSoon)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known)
    {
        context.RegisterOperationAction(
            operation => Check(operation, ((IReturnOperation)operation.Operation).ReturnedValue, known),
            OperationKind.Return);
        context.RegisterOperationAction(
            operation => CheckAssignment(operation, (ISimpleAssignmentOperation)operation.Operation, known),
            OperationKind.SimpleAssignment);
        context.RegisterOperationAction(
            operation => CheckCall(operation, (IInvocationOperation)operation.Operation, known),
            OperationKind.Invocation);
    }

    // `_task = SendAsync(child);`
    private static void CheckAssignment(
        OperationAnalysisContext context, ISimpleAssignmentOperation assignment, KnownSymbols known)
    {
        if (UnfinishedUse.CouldBe(assignment.Value.Type, known)
            && assignment.Target is IFieldReferenceOperation or IPropertyReferenceOperation or ILocalReferenceOperation
                or IParameterReferenceOperation)
        {
            Check(context, assignment.Value, known, keeper: assignment.Target);
        }
    }

    // `tasks.Add(SendAsync(child));`
    private static void CheckCall(OperationAnalysisContext context, IInvocationOperation call, KnownSymbols known)
    {
        if (call is { Instance: { } keeper, Arguments: { Length: > 0 } given }
            && call.TargetMethod.Name is "Add" or "Enqueue" or "Push" or "TryAdd"
            && given[given.Length - 1].Value is var value && UnfinishedUse.CouldBe(value.Type, known))
        {
            Check(context, value, known, keeper);
        }
    }

    private static void Check(
        OperationAnalysisContext context, IOperation? value, KnownSymbols known, IOperation? keeper = null)
    {
        if (value?.SemanticModel is not { } model)
        {
            return;
        }

        foreach (var ending in EndingContext.Around(context.Operation.Syntax, model, known))
        {
            if (UnfinishedUse.Of(value, ending.Local, known) is { } use
                && (keeper is null || Outlives(keeper, ending, context.Operation)))
            {
                var (what, way) = use.IsTask
                    ? ($"'{use.Name}', which is not awaited", keeper is null ? "write 'return await …'" : "await it before")
                    : ($"what '{use.Name}' gives", "read it before, or let the caller derive the context");
                context.ReportDiagnostic(Diagnostic.Create(
                    Descriptors.EndedTooSoon, use.Place, ending.Local.Name, what, way));
                return;
            }
        }
    }

    // What was declared outside of the block is there after it; if the block awaits it, it has ended by then.
    private static bool Outlives(IOperation keeper, EndingContext ending, IOperation place)
    {
        var symbol = keeper.Unconverted() switch
        {
            ILocalReferenceOperation local => (ISymbol)local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            IMemberReferenceOperation member => member.Member,
            _ => null,
        };
        return symbol is not null && !ending.Declares(symbol) && !ending.Awaits(symbol.Name, place.Syntax.SpanStart);
    }
}
