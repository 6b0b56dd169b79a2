using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Baton.Analyzers.Flow;

/// <summary>BTN105: an endless loop or a blocking wait that never looks at the context in scope.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class NeverLooksAnalyzer() : ContextAnalyzer(Descriptors.NeverLooks)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known)
    {
        context.RegisterOperationAction(
            operation => CheckWait(operation, known),
            OperationKind.Invocation, OperationKind.PropertyReference);
        context.RegisterOperationAction(operation => CheckLoop(operation, known), OperationKind.Loop);
    }

    private static void CheckWait(OperationAnalysisContext context, KnownSymbols known)
    {
        if (BlockingWait.Of(context.Operation, known, context.CancellationToken) is { } wait)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.NeverLooks, wait.Name.GetLocation(), $"'{wait.Text}'", wait.Scope.Expression,
                    wait.Remedy));
        }
    }

    private static void CheckLoop(OperationAnalysisContext context, KnownSymbols known)
    {
        if (EndlessLoop.Of(context.Operation, known, context.CancellationToken) is { } loop)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.NeverLooks, loop.Keyword.GetLocation(), "This loop", loop.Scope.Expression,
                $"write '{loop.Check}' in it"));
        }
    }
}
