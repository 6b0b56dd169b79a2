using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.Analyzers.Lifetime;

/// <summary>
/// What keeps a variable from growing in a loop: the loop is left at once, or the variable is set anew.
/// </summary>
internal static class LoopExit
{
    /// <summary>Whether what follows the place leaves the loop, whatever happens.</summary>
    internal static bool IsLeft(SyntaxNode place, StatementSyntax loop)
    {
        for (var node = place; node != loop && node.Parent is { } parent; node = parent)
        {
            if (node is ReturnStatementSyntax or ThrowStatementSyntax)
            {
                return true;
            }

            // In a retry loop the statements between may throw, and the loop goes on.
            var after = Siblings(parent).SkipWhile(one => one != node).Skip(1);
            if ((IsCaught(parent, loop) ? after.Take(1) : after).Any(one => Leaves(one, loop)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether the variable is also given a value that does not come from itself, in a block on the way out
    /// to <paramref name="repeated"/> or a <c>finally</c> beside it.
    /// </summary>
    internal static bool IsReset(
        ISimpleAssignmentOperation assignment, SyntaxNode repeated, KnownSymbols known)
    {
        for (var node = assignment.Syntax; node != repeated && node.Parent is { } parent; node = parent)
        {
            var beside = parent is TryStatementSyntax { Finally.Block: { } last }
                ? last.Statements : Siblings(parent);
            if (beside.Any(statement => Resets(statement, assignment, known)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsCaught(SyntaxNode node, StatementSyntax loop) => node.AncestorsAndSelf()
        .TakeWhile(one => one != loop)
        .Any(one => one.Parent is TryStatementSyntax { Catches.Count: > 0 } attempt && one == attempt.Block);

    private static bool Resets(
        StatementSyntax statement, ISimpleAssignmentOperation assignment, KnownSymbols known) =>
        statement is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax other }
        && other != assignment.Syntax
        && assignment.SemanticModel?.GetOperation(other) is ISimpleAssignmentOperation reset
        && Growth.IsSamePlace(reset.Target, assignment.Target)
        && !Growth.Feeds(reset.Value, assignment.Target, known);

    private static bool Leaves(StatementSyntax statement, StatementSyntax loop) => statement switch
    {
        ReturnStatementSyntax or ThrowStatementSyntax or GotoStatementSyntax => true,
        YieldStatementSyntax { Expression: null } => true,
        BreakStatementSyntax => statement.Ancestors().FirstOrDefault(IsBreakable) == loop,
        BlockSyntax block => block.Statements.Any(inner => Leaves(inner, loop)),
        _ => false,
    };

    private static bool IsBreakable(SyntaxNode node) =>
        node is CommonForEachStatementSyntax or ForStatementSyntax
        or WhileStatementSyntax or DoStatementSyntax or SwitchStatementSyntax;

    private static SyntaxList<StatementSyntax> Siblings(SyntaxNode parent) => parent switch
    {
        BlockSyntax block => block.Statements,
        SwitchSectionSyntax section => section.Statements,
        _ => default,
    };
}
