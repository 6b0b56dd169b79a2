using Baton.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.LeftAlone;

/// <summary>
/// The branch that follows a failure: what it calls takes back what was done before, although the client has
/// left.
/// </summary>
internal static class FailedBranch
{
    private static readonly string[] s_success = ["succe", "isok", "accepted", "approved", "confirmed"];
    private static readonly string[] s_failure = ["fail", "error", "exception", "declined", "rejected"];

    internal static bool Contains(SyntaxNode place, string callee, bool isSuggestion)
    {
        if (isSuggestion ? Words.IsRead(callee) : !Words.IsUndoing(callee))
        {
            return false;
        }

        for (var at = place; at.Parent is { } parent && !parent.IsMember(); at = parent)
        {
            switch (parent)
            {
                case IfStatementSyntax choice when at == choice.Statement && SaysFailed(choice.Condition) is true:
                case ElseClauseSyntax { Parent: IfStatementSyntax other } when SaysFailed(other.Condition) is false:
                case ConditionalExpressionSyntax value when at == value.WhenTrue
                    && SaysFailed(value.Condition) is true:
                case ConditionalExpressionSyntax otherwise when at == otherwise.WhenFalse
                    && SaysFailed(otherwise.Condition) is false:
                case BlockSyntax block when FollowsSuccess(at, block):
                    return true;
                case AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax:
                    return false;
            }
        }

        return false;
    }

    // `if (paid.Succeeded) { return …; }`: what follows is for the other case.
    private static bool FollowsSuccess(SyntaxNode at, BlockSyntax block) => block.Statements
        .TakeWhile(statement => statement != at)
        .Any(static statement => statement is IfStatementSyntax { Else: null } choice
            && SaysFailed(choice.Condition) is false && Passed.Leaves(choice.Statement));

    /// <summary>Whether something failed if the condition holds; null if it does not tell.</summary>
    private static bool? SaysFailed(ExpressionSyntax condition) => condition switch
    {
        ParenthesizedExpressionSyntax inner => SaysFailed(inner.Expression),
        AwaitExpressionSyntax inner => SaysFailed(inner.Expression),
        PrefixUnaryExpressionSyntax not when not.IsKind(SyntaxKind.LogicalNotExpression) => !SaysFailed(not.Operand),
        BinaryExpressionSyntax both when both.Kind() is SyntaxKind.LogicalAndExpression
            or SyntaxKind.LogicalOrExpression => SaysFailed(both.Left) ?? SaysFailed(both.Right),
        BinaryExpressionSyntax equals when equals.IsKind(SyntaxKind.EqualsExpression) =>
            Compared(equals.Left, equals.Right, isEqual: true),
        BinaryExpressionSyntax differs when differs.IsKind(SyntaxKind.NotEqualsExpression) =>
            Compared(differs.Left, differs.Right, isEqual: false),
        IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax constant } pattern =>
            Compared(pattern.Expression, constant.Expression, isEqual: true),
        IsPatternExpressionSyntax
        {
            Pattern: UnaryPatternSyntax { Pattern: ConstantPatternSyntax constant },
        } pattern =>
            Compared(pattern.Expression, constant.Expression, isEqual: false),
        InvocationExpressionSyntax call => OfName(PointOfNoReturn.NameOf(call.Expression)),
        MemberAccessExpressionSyntax access => OfName(access.Name.Identifier.ValueText),
        IdentifierNameSyntax name => OfName(name.Identifier.ValueText),
        _ => null,
    };

    // `ok == false`, `error != null`, `outcome == Outcome.Failed`, `response.StatusCode != HttpStatusCode.OK`
    private static bool? Compared(ExpressionSyntax left, ExpressionSyntax right, bool isEqual) => right.Kind() switch
    {
        SyntaxKind.NullLiteralExpression or SyntaxKind.FalseLiteralExpression =>
            isEqual ? !SaysFailed(left) : SaysFailed(left),
        SyntaxKind.TrueLiteralExpression => isEqual ? SaysFailed(left) : !SaysFailed(left),
        _ => isEqual ? SaysFailed(right) : !SaysFailed(right),
    };

    private static bool? OfName(string? name) => name switch
    {
        null => null,
        "ok" or "Ok" or "OK" => false,
        _ when s_failure.Any(word => Words.Holds(name, word)) => true,
        _ when s_success.Any(word => Words.Holds(name, word)) => false,
        _ => null,
    };
}
