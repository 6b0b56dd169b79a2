using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>BTN002: <c>ctx = ctx.With…(…)</c> to a variable from outside a loop or lambda.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class GrowsInLoopAnalyzer() : ContextAnalyzer(Descriptors.GrowsInLoop)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known) =>
        context.RegisterOperationAction(
            operation => Analyze(operation, known), OperationKind.SimpleAssignment);

    private static void Analyze(OperationAnalysisContext context, KnownSymbols known)
    {
        var assignment = (ISimpleAssignmentOperation)context.Operation;
        if (Growth.Cause(assignment, known) is not { } cause)
        {
            return;
        }

        var form = known.IsCancelable(Derivations.WithoutConversions(assignment.Value).Type)
            ? "using var child = …" : "var child = …";
        context.ReportDiagnostic(Diagnostic.Create(
            Descriptors.GrowsInLoop, assignment.Syntax.GetLocation(), assignment.Target.Syntax.ToString(),
            form, cause));
    }
}
