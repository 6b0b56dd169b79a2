using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.CodeFixes.Internal;

/// <summary>
/// What the fixes do with whole statements: declare a variable before one, or in its place.
/// </summary>
internal static class Statements
{
    /// <summary>
    /// The nearest statement around the node that may have a declaration before it; null if there is none.
    /// </summary>
    internal static StatementSyntax? Around(SyntaxNode node)
    {
        var statement = node.FirstAncestorOrSelf<StatementSyntax>();
        return statement is not null && IsInList(statement) ? statement : null;
    }

    /// <summary>
    /// Whether a <c>using</c> declaration may stand in its place: not directly in a switch section.
    /// </summary>
    internal static bool IsInList(StatementSyntax statement) =>
        statement.Parent is BlockSyntax or GlobalStatementSyntax;

    /// <summary><c>[using] var name = value;</c></summary>
    internal static LocalDeclarationStatementSyntax Declare(string name, ExpressionSyntax value, bool isUsing)
    {
        var variable = SyntaxFactory.VariableDeclarator(SyntaxFactory.Identifier(name)
            .WithTrailingTrivia(SyntaxFactory.Space))
            .WithInitializer(SyntaxFactory.EqualsValueClause(
                SyntaxFactory.Token(SyntaxKind.EqualsToken)
                    .WithTrailingTrivia(SyntaxFactory.Space), value.WithoutTrivia()));
        var declaration = SyntaxFactory.LocalDeclarationStatement(SyntaxFactory.VariableDeclaration(
            SyntaxFactory.IdentifierName("var").WithTrailingTrivia(SyntaxFactory.Space),
            SyntaxFactory.SingletonSeparatedList(variable)));
        return isUsing
            ? declaration.WithUsingKeyword(SyntaxFactory.Token(SyntaxKind.UsingKeyword)
                .WithTrailingTrivia(SyntaxFactory.Space))
            : declaration;
    }

    /// <summary>
    /// Puts a declaration on a line of its own before the statement; comments stay above both.
    /// </summary>
    internal static SyntaxNode InsertBefore(
        SyntaxNode root, StatementSyntax old, LocalDeclarationStatementSyntax declaration,
        StatementSyntax changed)
    {
        var leading = old.GetLeadingTrivia();
        var lineEnd = LineEnd(root);
        var first = declaration.WithLeadingTrivia(leading).WithTrailingTrivia(lineEnd);
        var second = changed.WithLeadingTrivia(Indentation(leading))
            .WithTrailingTrivia(old.GetTrailingTrivia());
        return old.Parent is GlobalStatementSyntax global
            ? root.ReplaceNode(
                global, [SyntaxFactory.GlobalStatement(first), SyntaxFactory.GlobalStatement(second)])
            : root.ReplaceNode(old, [first, second]);
    }

    /// <summary>A name that nothing has yet around the place: the given one, or that with a number.</summary>
    internal static string FreeName(FixPlace place, string name)
    {
        var scope = place.Node.FirstAncestorOrSelf<MemberDeclarationSyntax>(one =>
            one is not GlobalStatementSyntax) ?? place.Root;
        var taken = new HashSet<string>(scope.DescendantTokens()
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText));
        taken.UnionWith(place.Model.LookupSymbols(
            place.Model.SyntaxTree == place.Node.SyntaxTree ? place.Node.SpanStart : 0, name: name)
            .Select(symbol => symbol.Name));
        for (var number = 2; ; number++)
        {
            if (!taken.Contains(name))
            {
                return name;
            }

            var next = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') + number;
            name = next;
        }
    }

    internal static SyntaxTrivia LineEnd(SyntaxNode root) => root.DescendantTrivia()
        .FirstOrDefault(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)) is { RawKind: not 0 } found
            ? found
            : SyntaxFactory.LineFeed;

    internal static SyntaxTriviaList Indentation(SyntaxTriviaList leading) =>
        leading.Count > 0 && leading.Last().IsKind(SyntaxKind.WhitespaceTrivia) ? [leading.Last()] : [];
}
