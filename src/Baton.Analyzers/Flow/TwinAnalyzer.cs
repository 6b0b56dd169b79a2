using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Flow;

/// <summary>BTN108: a context becomes a token for a method that has a twin with the context first.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class TwinAnalyzer() : ContextAnalyzer(Descriptors.Twin)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known) =>
        context.RegisterOperationAction(operation => Check(operation, known), OperationKind.Argument);

    private static void Check(OperationAnalysisContext context, KnownSymbols known)
    {
        var argument = (IArgumentOperation)context.Operation;
        if (Twin.Of(argument, known) is { } twin)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.Twin, argument.Syntax.GetLocation(), twin.Context.Syntax.ToString(), twin.Method.Name));
        }
    }
}
