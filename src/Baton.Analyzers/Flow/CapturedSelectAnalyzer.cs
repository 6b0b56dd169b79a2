using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Flow;

/// <summary>BTN111: an await of a select that captures the caller's context.</summary>
/// <remarks>
/// CA2007 says the same of tasks, value tasks, <c>await using</c> and <c>await foreach</c>. A select is the
/// one awaitable of Baton that CA2007 does not know.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class CapturedSelectAnalyzer() : ContextAnalyzer(Descriptors.CapturedSelect)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known)
    {
        if (known.Find("Baton.SelectCases") is { } cases)
        {
            context.RegisterOperationAction(operation => Check(operation, cases), OperationKind.Await);
        }
    }

    private static void Check(OperationAnalysisContext context, INamedTypeSymbol cases)
    {
        var await = (IAwaitOperation)context.Operation;
        if (await.Syntax is AwaitExpressionSyntax syntax && await.Operation.Type.IsSame(cases))
        {
            context.ReportDiagnostic(
                Diagnostic.Create(Descriptors.CapturedSelect, syntax.Expression.GetLocation()));
        }
    }
}
