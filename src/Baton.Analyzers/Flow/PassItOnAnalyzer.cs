using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Flow;

/// <summary>BTN101: a call that could take the context in scope, and is not given it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class PassItOnAnalyzer() : ContextAnalyzer(Descriptors.PassItOn)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known) =>
        context.RegisterOperationAction(operation => Check(operation, known), OperationKind.Invocation);

    private static void Check(OperationAnalysisContext context, KnownSymbols known)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.SemanticModel is { } model
            && MissingContext.Of(call, model, known, context.CancellationToken) is { } missing)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.PassItOn, NameOf(call.Syntax).GetLocation(), call.TargetMethod.Name,
                    missing.Scope.Expression));
        }
    }

    private static SyntaxNodeOrToken NameOf(SyntaxNode call) => call is InvocationExpressionSyntax invocation
        ? invocation.Expression switch
        {
            MemberAccessExpressionSyntax access => access.Name.Identifier,
            MemberBindingExpressionSyntax binding => binding.Name.Identifier,
            SimpleNameSyntax name => name.Identifier,
            _ => invocation,
        }
        : call;
}
