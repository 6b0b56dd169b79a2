using Baton.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.LeftAlone;

/// <summary>What a function may have done already when it comes to a place.</summary>
internal static class Passed
{
    /// <summary>The calls in the statements before the place, of the same function.</summary>
    internal static IEnumerable<InvocationExpressionSyntax> Calls(SyntaxNode place) =>
        Statements(place).SelectMany(static statement => In(statement).OfType<InvocationExpressionSyntax>()
            .Where(call => ComesOut(call, statement)));

    /// <summary>The statements before the place in the blocks around it, of the same function.</summary>
    internal static IEnumerable<StatementSyntax> Statements(SyntaxNode place)
    {
        for (var at = place; at.Parent is { } parent && !parent.IsMember(); at = parent)
        {
            foreach (var statement in Before(at, parent))
            {
                yield return statement;
            }

            // A try block runs before its catch clauses, and both before what follows.
            if (at is CatchClauseSyntax or FinallyClauseSyntax && parent is TryStatementSyntax attempt)
            {
                yield return attempt.Block;
            }

            if (parent is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)
            {
                yield break;
            }
        }
    }

    private static IEnumerable<StatementSyntax> Before(SyntaxNode at, SyntaxNode parent) => parent switch
    {
        BlockSyntax block => block.Statements.TakeWhile(statement => statement != at),
        SwitchSectionSyntax section => section.Statements.TakeWhile(statement => statement != at),
        CompilationUnitSyntax unit => unit.Members.TakeWhile(member => member != at)
            .OfType<GlobalStatementSyntax>().Select(static global => global.Statement),
        _ => [],
    };

    internal static IEnumerable<SyntaxNode> In(SyntaxNode statement) => statement.DescendantNodesAndSelf(
        static node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax));

    // Not from a branch that ends with a return: who took it does not come to what follows.
    private static bool ComesOut(SyntaxNode call, StatementSyntax statement)
    {
        for (var at = call; at != statement && at.Parent is { } parent; at = parent)
        {
            if (parent is BlockSyntax block && parent != statement && Leaves(block.Statements.LastOrDefault()))
            {
                return false;
            }

            if (at is StatementSyntax branch and not BlockSyntax && parent is not BlockSyntax && Leaves(branch))
            {
                return false;
            }
        }

        return true;
    }

    internal static bool Leaves(StatementSyntax? statement) => statement switch
    {
        ReturnStatementSyntax or ThrowStatementSyntax or ContinueStatementSyntax or BreakStatementSyntax => true,
        BlockSyntax block => Leaves(block.Statements.LastOrDefault()),
        _ => false,
    };
}
