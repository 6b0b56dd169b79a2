using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Flow;

/// <summary>BTN106: a catch of everything around a call that was given the context.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class SwallowedAnalyzer() : ContextAnalyzer(Descriptors.Swallowed)
{
    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known) =>
        context.RegisterSyntaxNodeAction(node => Check(node, known), SyntaxKind.CatchClause);

    private static void Check(SyntaxNodeAnalysisContext context, KnownSymbols known)
    {
        var clause = (CatchClauseSyntax)context.Node;
        var model = context.SemanticModel;
        if (clause is not { Filter: null, Parent: TryStatementSyntax attempt }
            || !IsOfEverything(clause, model)
            || ContextScope.NearestContext(attempt, model, known, context.CancellationToken) is not { } scope
            || !CanBeAsked(scope)
            || CatchesCancellation(attempt, clause, model)
            || !CanBeCanceled(attempt, model, known)
            || Swallowing.Lets(clause, model)
            || Swallowing.IsLookedAtElsewhere(attempt, clause, model, known)
            || EndedCode.Contains(attempt, model, known))
        {
            return;
        }

        context.ReportDiagnostic(Diagnostic.Create(
            Descriptors.Swallowed, clause.CatchKeyword.GetLocation(), scope.Expression, Question(scope)));
    }

    internal static string Question(ContextInScope scope) =>
        scope.Expression + (scope.IsContext ? ".IsDone" : ".IsCancellationRequested");

    private static bool IsOfEverything(CatchClauseSyntax clause, SemanticModel model) =>
        clause.Declaration is not { } declaration
        || model.GetTypeInfo(declaration.Type).Type is
        {
            Name: "Exception" or "SystemException",
            ContainingNamespace.Name: "System"
        };

    private static bool CatchesCancellation(TryStatementSyntax attempt, CatchClauseSyntax clause,
        SemanticModel model) => attempt.Catches
        .TakeWhile(earlier => earlier != clause)
        .Any(earlier => earlier.Declaration is { } declaration && model.GetTypeInfo(declaration.Type).Type
            is
        {
            Name: "OperationCanceledException" or "ContextCanceledException"
                    or "DeadlineExceededException"
        });

    private static bool CanBeCanceled(TryStatementSyntax attempt, SemanticModel model, KnownSymbols known) =>
        model.GetOperation(attempt.Block) is { } block && block.InFunction().Any(operation => operation switch
        {
            IInvocationOperation call when known.IsContextMethod(call.TargetMethod) =>
                call.TargetMethod.Name is "ThrowIfDone" or "Delay" or "WaitAsync",
            IInvocationOperation call when IsNext(call, known) => true,
            IInvocationOperation call => !CleanupCode.IsCleanupName(call.TargetMethod.Name)
                && call.Arguments.Any(given => Ends(given, model, known)),
            IObjectCreationOperation creation => creation.Arguments.Any(given => Ends(given, model, known)),
            _ => false,
        });

    // `accessor.HttpContext?.RequestAborted ?? default` is no question.
    private static bool CanBeAsked(ContextInScope scope) =>
        scope.Expression.IndexOf("??", StringComparison.Ordinal) < 0;

    // `await next(http)` in middleware: the rest of the request, which its context ends.
    private static bool IsNext(IInvocationOperation call, KnownSymbols known) =>
        call.TargetMethod is { MethodKind: MethodKind.DelegateInvoke, ContainingType: { } type }
        && (type.Name is "RequestDelegate" || (type.Name is "Func" && known.IsTask(call.Type)))
        && (call.Arguments.Any(argument => argument.Value.Type.IsOrDerivesFrom(known.HttpContext))
            || (call.Arguments.IsEmpty && call.Instance?.Syntax is IdentifierNameSyntax { Identifier.ValueText: "next" }));

    private static bool Ends(IArgumentOperation argument, SemanticModel model, KnownSymbols known)
    {
        var value = argument.Value.Unconverted();
        return !argument.IsImplicit && (known.IsContext(value.Type) || known.IsToken(value.Type))
            && value.Syntax is ExpressionSyntax expression
            && ContextChain.Of(expression, model, known) is { IsDetached: false } chain
            && ContextChain.Upwards(chain.Root, model, known).ToList() is var line
            && !line.Any(step => step.IsDetached)
            && IsOfContext(line[line.Count - 1].Root, known);
    }

    private static bool IsOfContext(ISymbol root, KnownSymbols known) =>
        ContextScope.Of(root, known) is { Source: not ContextSource.Token };
}
