using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Flow;

/// <summary>
/// BTN101: a call that could take the context in scope, and is not given it. BTN112: the same, where only the
/// request, or another carrier, has one.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class PassItOnAnalyzer() : ContextAnalyzer(Descriptors.PassItOn, Descriptors.CouldBePassed)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known) =>
        context.RegisterOperationAction(operation => Check(operation, known), OperationKind.Invocation);

    private static void Check(OperationAnalysisContext context, KnownSymbols known)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.SemanticModel is { } model
            && MissingContext.Of(call, model, known, context.CancellationToken) is { } missing)
        {
            var rule = missing.Scope.Source is ContextSource.Context
                ? Descriptors.PassItOn : Descriptors.CouldBePassed;
            context.ReportDiagnostic(Diagnostic.Create(
                rule, NameOf(call.Syntax).GetLocation(), call.TargetMethod.Name,
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
