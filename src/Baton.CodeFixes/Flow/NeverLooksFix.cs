using Baton.Analyzers;
using Baton.Analyzers.Flow;
using Baton.Analyzers.Internal;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Baton.CodeFixes.Flow;

/// <summary>BTN105: lets a loop throw once the context is done, and a wait end with it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class NeverLooksFix() : EditingFix(Descriptors.NeverLooks, "Look at the context")
{
    private protected override void Edit(FixPlace place, SolutionEdits edits)
    {
        var known = place.Known;
        if (place.Node is StatementSyntax loop)
        {
            if (place.Model.GetOperation(loop, place.CancellationToken) is { } operation
                && EndlessLoop.Of(operation, known, place.CancellationToken) is { } endless
                && BodyOf(loop) is { } body)
            {
                var scope = ContextText.Nearest(endless.Scope, body, place, edits);
                edits.Add(place.Document, body, old => Checked(old, (endless with { Scope = scope }).Check));
            }
        }
        else if (ContextScope.NearestChosen(place.Node, place.Model, known, place.CancellationToken)
            is { } scope
            && place.Node.FirstAncestorOrSelf<ExpressionSyntax>(IsWait) is { } wait
            && Instead(wait, ContextText.Nearest(scope, wait, place, new SolutionEdits()), place)
                is { } change)
        {
            _ = ContextText.Nearest(scope, wait, place, edits);
            edits.Add(place.Document, wait, change);
        }
    }

    private static StatementSyntax? BodyOf(StatementSyntax loop) => loop switch
    {
        WhileStatementSyntax one => one.Statement,
        DoStatementSyntax one => one.Statement,
        ForStatementSyntax one => one.Statement,
        _ => null,
    };

    private static BlockSyntax Checked(StatementSyntax body, string check)
    {
        var look = SyntaxFactory.ParseStatement(check + ";")
            .WithTrailingTrivia(SyntaxFactory.ElasticLineFeed);
        var whole = body is BlockSyntax block
            ? block.WithStatements(block.Statements.Insert(0, look))
            : SyntaxFactory.Block(look, body);
        return whole.WithAdditionalAnnotations(Formatter.Annotation);
    }

    private static bool IsWait(ExpressionSyntax node) => node is InvocationExpressionSyntax
        or MemberAccessExpressionSyntax
    {
        Name.Identifier.ValueText: "Result",
        Parent: not ConditionalAccessExpressionSyntax
    };

    private static Func<ExpressionSyntax, SyntaxNode>? Instead(
        ExpressionSyntax wait, ContextInScope scope, FixPlace place)
    {
        var isAsync = IsAsync(wait);
        var context = ContextText.AsContext(scope, wait.SpanStart, place);
        switch (wait)
        {
            case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } sleep
                when access.Name.Identifier.ValueText is "Sleep" && sleep.ArgumentList.Arguments.Count is 1:
                var isTimeSpan =
                    place.Model.GetTypeInfo(sleep.ArgumentList.Arguments[0].Expression).Type?.Name
                    is "TimeSpan";
                var token = scope.IsContext ? scope.Expression + ".Done" : scope.Expression;
                return isAsync
                    ? old => Parse($"await {context}.Delay({Time(old, isTimeSpan)})", old)
                    : old => Parse($"{token}.WaitHandle.WaitOne({Arguments(old)})", old);
            case MemberAccessExpressionSyntax result when isAsync && IsTask(result.Expression, place):
                return old => Awaited(((MemberAccessExpressionSyntax)old).Expression, context, old);
            case InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax
                {
                    Expression: InvocationExpressionSyntax
                    {
                        Expression: MemberAccessExpressionSyntax
                        {
                            Name.Identifier.ValueText: "GetAwaiter"
                        } awaiter
                    }
                }
            }
                when isAsync && IsTask(awaiter.Expression, place):
                return old => Awaited(TaskOf((InvocationExpressionSyntax)old), context, old);
            default:
                return null;
        }
    }

    private static string Time(ExpressionSyntax sleep, bool isTimeSpan) => isTimeSpan
        ? Arguments(sleep)
        : $"TimeSpan.FromMilliseconds({Arguments(sleep)})";

    private static string Arguments(ExpressionSyntax sleep) =>
        ((InvocationExpressionSyntax)sleep).ArgumentList.Arguments.ToString();

    private static ExpressionSyntax TaskOf(InvocationExpressionSyntax result) =>
        Receiver((InvocationExpressionSyntax)Receiver(result));

    private static ExpressionSyntax Receiver(InvocationExpressionSyntax call) =>
        ((MemberAccessExpressionSyntax)call.Expression).Expression;

    private static ExpressionSyntax Awaited(ExpressionSyntax task, string context, ExpressionSyntax old)
    {
        var text = $"await {context}.WaitAsync({task.WithoutTrivia()})";
        return Parse(old.Parent is ArgumentSyntax or EqualsValueClauseSyntax or ExpressionStatementSyntax
            or ReturnStatementSyntax
            or AssignmentExpressionSyntax or ArrowExpressionClauseSyntax ? text : $"({text})", old);
    }

    private static ExpressionSyntax Parse(string text, SyntaxNode old) =>
        SyntaxFactory.ParseExpression(text).WithTriviaFrom(old);

    private static bool IsTask(ExpressionSyntax task, FixPlace place) =>
        place.Model.GetTypeInfo(task).Type is { } type && (type.IsSame(place.Known.Task)
            || type.OriginalDefinition.IsSame(place.Known.TaskOfT));

    // Where `await` may stand.
    private static bool IsAsync(SyntaxNode place)
    {
        foreach (var node in place.Ancestors())
        {
            switch (node)
            {
                case LockStatementSyntax or CatchFilterClauseSyntax or QueryExpressionSyntax:
                    return false;
                case AnonymousFunctionExpressionSyntax lambda:
                    return lambda.AsyncKeyword.IsKind(SyntaxKind.AsyncKeyword);
                case LocalFunctionStatementSyntax function:
                    return function.Modifiers.Any(SyntaxKind.AsyncKeyword);
                case GlobalStatementSyntax:
                    return true;
                case MemberDeclarationSyntax member:
                    return member.Modifiers.Any(SyntaxKind.AsyncKeyword);
            }
        }

        return false;
    }
}
