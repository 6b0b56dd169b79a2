using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Baton.Analyzers.Flow;

/// <summary>BTN104: a context parameter that is not first, not named <c>ctx</c>, or one of two.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class NotFirstAnalyzer() : ContextAnalyzer(Descriptors.NotFirst)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known)
    {
        context.RegisterSyntaxNodeAction(node => CheckList(node, known), SyntaxKind.ParameterList);
        context.RegisterSyntaxNodeAction(
            node => Check(node, known, ((SimpleLambdaExpressionSyntax)node.Node).Parameter, node.Node),
            SyntaxKind.SimpleLambdaExpression);
    }

    private static void CheckList(SyntaxNodeAnalysisContext context, KnownSymbols known)
    {
        // A record's parameters are its properties, and an operator's places are its own.
        if (context.Node is ParameterListSyntax { Parameters.Count: > 0, Parent: { } declaration } list
            && declaration
                is MethodDeclarationSyntax or ConstructorDeclarationSyntax or DelegateDeclarationSyntax
                or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax
                or ClassDeclarationSyntax or StructDeclarationSyntax)
        {
            Check(context, known, list.Parameters[0], declaration);
        }
    }

    private static void Check(SyntaxNodeAnalysisContext context, KnownSymbols known, ParameterSyntax first,
        SyntaxNode declaration)
    {
        var owner = context.SemanticModel.GetDeclaredSymbol(
            first, context.CancellationToken)?.ContainingSymbol;
        if (owner is not IMethodSymbol method
            || ContextParameter.Flaw(method, declaration, context.SemanticModel, known) is not { } flaw
            || flaw.Parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(context.CancellationToken)
                is not ParameterSyntax syntax)
        {
            return;
        }

        context.ReportDiagnostic(Diagnostic.Create(
            Descriptors.NotFirst, syntax.Identifier.GetLocation(), flaw.Parameter.Name, flaw.Says,
                NameOf(method), flaw.Remedy));
    }

    private static string NameOf(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.AnonymousFunction => "this lambda",
        MethodKind.Constructor or MethodKind.DelegateInvoke => method.ContainingType.Name,
        _ => method.Name,
    };
}
