using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Flow;

/// <summary>BTN107: a null for a context.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class NullAnalyzer() : ContextAnalyzer(Descriptors.Null)
{
    internal const string NoContext = "Context.Todo";

    private protected override void Register(CompilationStartAnalysisContext context, KnownSymbols known)
    {
        context.RegisterOperationAction(operation => CheckArgument(operation, known), OperationKind.Argument);
        context.RegisterSyntaxNodeAction(node => CheckDefault(node, known), SyntaxKind.Parameter);
    }

    private static void CheckArgument(OperationAnalysisContext context, KnownSymbols known)
    {
        var argument = (IArgumentOperation)context.Operation;
        if (argument is not { ArgumentKind: ArgumentKind.Explicit, Parameter: { } parameter }
            || !Wants(parameter, known))
        {
            return;
        }

        foreach (var nothing in Nulls(Whole(argument)))
        {
            if (ExpectsThrow(argument.Syntax))
            {
                return;
            }

            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.Null, nothing.GetLocation(), parameter.Name,
                Remedy(nothing, argument.SemanticModel, known)));
        }
    }

    private static void CheckDefault(SyntaxNodeAnalysisContext context, KnownSymbols known)
    {
        if (context.Node is ParameterSyntax { Default.Value: { } value }
            && context.SemanticModel.GetDeclaredSymbol(context.Node,
                context.CancellationToken) is IParameterSymbol parameter
            && parameter.NullableAnnotation is NullableAnnotation.NotAnnotated && Wants(parameter, known)
            && Nulls(value).FirstOrDefault() is { } nothing)
        {
            context.ReportDiagnostic(
                Diagnostic.Create(Descriptors.Null, nothing.GetLocation(), parameter.Name, NoContext));
        }
    }

    // A `T` that happens to be a context does not ask for one, but a `Func<Context, Task>` does.
    private static bool Wants(IParameterSymbol parameter, KnownSymbols known) =>
        parameter.NullableAnnotation is not NullableAnnotation.Annotated
        && parameter.Type.IsSame(known.Context)
        && (parameter.OriginalDefinition.Type is not ITypeParameterSymbol
            || parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.DelegateInvoke });

    // The argument as it is written: its operation is that of `null` also for `null!`.
    private static ExpressionSyntax Whole(IArgumentOperation argument)
    {
        var at = argument.Syntax is ArgumentSyntax syntax
            ? syntax.Expression : (ExpressionSyntax)argument.Value.Syntax;
        while (at.Parent
            is PostfixUnaryExpressionSyntax or ParenthesizedExpressionSyntax or CastExpressionSyntax)
        {
            at = (ExpressionSyntax)at.Parent;
        }

        return at;
    }

    /// <summary>The context to give instead: the one in scope, or what stands for none.</summary>
    internal static string Remedy(SyntaxNode nothing, SemanticModel? model, KnownSymbols known) =>
        model is not null && ContextScope.NearestContext(nothing, model, known,
            CancellationToken.None) is { IsContext: true } scope
        && scope.Symbol.TypeOf() is not { NullableAnnotation: NullableAnnotation.Annotated }
            ? scope.Expression
            : NoContext;

    /// <summary>The nulls that the expression can come to by itself.</summary>
    private static IEnumerable<ExpressionSyntax> Nulls(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case ParenthesizedExpressionSyntax parentheses:
                return Nulls(parentheses.Expression);
            case PostfixUnaryExpressionSyntax sure
                when sure.IsKind(SyntaxKind.SuppressNullableWarningExpression):
                return Around(sure, Nulls(sure.Operand), sure.Operand);
            case CastExpressionSyntax cast:
                return Around(cast, Nulls(cast.Expression), cast.Expression);
            case ConditionalExpressionSyntax choice:
                return Nulls(choice.WhenTrue).Concat(Nulls(choice.WhenFalse));
            case SwitchExpressionSyntax choice:
                return choice.Arms.SelectMany(arm => Nulls(arm.Expression));
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } binary:
                return Nulls(binary.Right);
            default:
                return expression.Kind()
                    is SyntaxKind.NullLiteralExpression or SyntaxKind.DefaultLiteralExpression
                    or SyntaxKind.DefaultExpression
                    ? [expression]
                    : [];
        }
    }

    private static IEnumerable<ExpressionSyntax> Around(
        ExpressionSyntax whole, IEnumerable<ExpressionSyntax> inner, ExpressionSyntax operand) =>
        inner.Select(one => one == operand ? whole : one);

    // `Assert.Throws<ArgumentNullException>(() => Handle(null!))`
    private static bool ExpectsThrow(SyntaxNode place) => place.Ancestors()
        .TakeWhile(node => !node.IsMember())
        .Any(node => node is AnonymousFunctionExpressionSyntax
        {
            Parent: ArgumentSyntax
            {
                Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access },
            },
        }
            && (access.Name.Identifier.ValueText.StartsWith("Throw", StringComparison.Ordinal)
                || access.Expression is IdentifierNameSyntax { Identifier.ValueText: "Record" }));
}
