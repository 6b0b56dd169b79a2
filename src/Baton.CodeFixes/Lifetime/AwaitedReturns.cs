using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.CodeFixes.Lifetime;

/// <summary>Awaits what each return of a function gives, but for those of functions inside it.</summary>
internal sealed class AwaitedReturns(bool hasResult) : CSharpSyntaxRewriter
{
    private BlockSyntax? _body;

    internal BlockSyntax In(BlockSyntax body)
    {
        _body = body;
        return (BlockSyntax)VisitBlock(body)!;
    }

    /// <summary>Whether the body has what an asynchronous function may not have.</summary>
    internal static bool CannotBeIn(BlockSyntax body, FixPlace place) => body.DescendantNodes().Any(node => node switch
    {
        YieldStatementSyntax or UnsafeStatementSyntax or FixedStatementSyntax or LockStatementSyntax
            or RefExpressionSyntax or StackAllocArrayCreationExpressionSyntax => true,
        VariableDeclaratorSyntax variable => place.Model.GetDeclaredSymbol(variable, place.CancellationToken)
            is ILocalSymbol { Type.IsRefLikeType: true },
        _ => false,
    });

    public override SyntaxNode? VisitBlock(BlockSyntax node)
    {
        var statements = node.Statements.SelectMany(statement => statement is ReturnStatementSyntax leaving
            ? Awaited(leaving, isLast: node == _body && statement == node.Statements.Last())
            : [(StatementSyntax)Visit(statement)!]);
        return node.WithStatements(SyntaxFactory.List(statements.ToList()));
    }

    // Alone behind an `if`, two statements need braces.
    public override SyntaxNode? VisitReturnStatement(ReturnStatementSyntax node)
    {
        var statements = Awaited(node, isLast: false).ToList();
        return statements.Count is 1 ? statements[0] : SyntaxFactory.Block(statements);
    }

    public override SyntaxNode? VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node) => node;

    public override SyntaxNode? VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node) => node;

    public override SyntaxNode? VisitAnonymousMethodExpression(AnonymousMethodExpressionSyntax node) => node;

    public override SyntaxNode? VisitLocalFunctionStatement(LocalFunctionStatementSyntax node) => node;

    private IEnumerable<StatementSyntax> Awaited(ReturnStatementSyntax leaving, bool isLast)
    {
        if (leaving.Expression is not { } value)
        {
            return [leaving];
        }

        var wait = SyntaxFactory.AwaitExpression(
            SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space), Operand(value));
        if (hasResult)
        {
            return [leaving.WithExpression(wait)];
        }

        var isDone = value is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "CompletedTask" };
        var waited = SyntaxFactory.ExpressionStatement(wait).WithLeadingTrivia(leaving.GetLeadingTrivia())
            .WithTrailingTrivia(leaving.GetTrailingTrivia());
        var plain = SyntaxFactory.ReturnStatement();
        return (isDone, isLast) switch
        {
            (true, true) => [],
            (true, false) => [plain.WithTriviaFrom(leaving)],
            (false, true) => [waited],
            _ => [waited, plain.WithLeadingTrivia(Statements.Indentation(leaving.GetLeadingTrivia()))
                .WithTrailingTrivia(leaving.GetTrailingTrivia())],
        };
    }

    private static ExpressionSyntax Operand(ExpressionSyntax value) =>
        value is InvocationExpressionSyntax or IdentifierNameSyntax or MemberAccessExpressionSyntax
            or ParenthesizedExpressionSyntax or ElementAccessExpressionSyntax or BaseObjectCreationExpressionSyntax
                ? value : SyntaxFactory.ParenthesizedExpression(value);
}
