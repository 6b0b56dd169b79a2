using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.Analyzers.Internal;

/// <summary>
/// The declarations of parameters and locals that a place in the code can see, level by level.
/// </summary>
internal static class Declarations
{
    /// <summary>
    /// What <paramref name="parent"/> declares that can be seen from its child, the last one first.
    /// </summary>
    internal static IEnumerable<SyntaxNode> Before(SyntaxNode child, SyntaxNode parent) => parent switch
    {
        BlockSyntax block => Before(child, block.Statements),
        SwitchSectionSyntax section =>
            Before(child, section.Statements).Concat(section.Labels.SelectMany(Patterns)),
        CompilationUnitSyntax unit => unit.Members.OfType<GlobalStatementSyntax>()
            .TakeWhile(global => global != child).Reverse().SelectMany(global => In(global.Statement)),
        UsingStatementSyntax statement when child == statement.Statement => In(statement),
        ForStatementSyntax { Declaration: { } declaration } statement when child != declaration =>
            Variables(declaration),
        ForEachStatementSyntax each when child == each.Statement => [each],
        ForEachVariableStatementSyntax each when child == each.Statement => Patterns(each.Variable),
        IfStatementSyntax choice when child == choice.Statement => Patterns(choice.Condition),
        WhileStatementSyntax loop when child == loop.Statement => Patterns(loop.Condition),
        SwitchExpressionArmSyntax arm when child == arm.Expression => Patterns(arm.Pattern),
        SimpleLambdaExpressionSyntax lambda => [lambda.Parameter],
        ParenthesizedLambdaExpressionSyntax lambda => lambda.ParameterList.Parameters,
        AnonymousMethodExpressionSyntax { ParameterList: { } list } => list.Parameters,
        LocalFunctionStatementSyntax function => function.ParameterList.Parameters,
        BaseMethodDeclarationSyntax method => method.ParameterList.Parameters,
        IndexerDeclarationSyntax indexer => indexer.ParameterList.Parameters,
        TypeDeclarationSyntax { ParameterList: { } list } => list.Parameters,
        _ => [],
    };

    /// <summary>The variables that a statement leaves behind for those after it, or for its body.</summary>
    internal static IEnumerable<SyntaxNode> In(StatementSyntax statement) => statement switch
    {
        LocalDeclarationStatementSyntax local => Variables(local.Declaration),
        UsingStatementSyntax { Declaration: { } declaration } => Variables(declaration),
        UsingStatementSyntax { Expression: { } expression } => Patterns(expression),
        ExpressionStatementSyntax expression => Patterns(expression.Expression),
        IfStatementSyntax choice => Patterns(choice.Condition),
        _ => [],
    };

    private static IEnumerable<SyntaxNode> Before(SyntaxNode child, SyntaxList<StatementSyntax> statements)
    {
        for (var i = child is StatementSyntax own ? statements.IndexOf(own) - 1 : -1; i >= 0; i--)
        {
            foreach (var declared in In(statements[i]))
            {
                yield return declared;
            }
        }
    }

    private static IEnumerable<SyntaxNode> Variables(VariableDeclarationSyntax declaration) =>
        declaration.Variables.Where(variable => variable.Initializer is not null).Reverse();

    // `is Context ctx`, `out var ctx`, `var (ctx, x)`: not those inside a lambda.
    private static IEnumerable<SyntaxNode> Patterns(SyntaxNode node) => node
        .DescendantNodesAndSelf(inner => inner is not AnonymousFunctionExpressionSyntax)
        .OfType<SingleVariableDesignationSyntax>();
}
