using Baton.Analyzers;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.CodeFixes.Flow;

/// <summary>BTN111: adds <c>.ConfigureAwait(false)</c> to the select.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class CapturedSelectFix()
    : EditingFix(Descriptors.CapturedSelect, "Add ConfigureAwait(false)")
{
    private protected override void Edit(FixPlace place, SolutionEdits edits)
    {
        if (place.Node.FirstAncestorOrSelf<ExpressionSyntax>(node =>
            node.Span == place.Diagnostic.Location.SourceSpan) is { } select)
        {
            edits.Add(place.Document, select, Configure);
        }
    }

    private static SyntaxNode Configure(ExpressionSyntax select)
    {
        var operand = select.WithoutTrailingTrivia();
        return SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(
                SyntaxKind.SimpleMemberAccessExpression,
                NeedsParentheses(operand) ? SyntaxFactory.ParenthesizedExpression(operand) : operand,
                SyntaxFactory.IdentifierName("ConfigureAwait")),
            SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(
                SyntaxFactory.LiteralExpression(SyntaxKind.FalseLiteralExpression)))))
            .WithTrailingTrivia(select.GetTrailingTrivia());
    }

    // `await (SelectCases)cases` and `await await cases`: a member access would bind more tightly.
    private static bool NeedsParentheses(ExpressionSyntax operand) => operand
        is not (InvocationExpressionSyntax or IdentifierNameSyntax or MemberAccessExpressionSyntax
            or ParenthesizedExpressionSyntax or ElementAccessExpressionSyntax or ThisExpressionSyntax
            or PostfixUnaryExpressionSyntax);
}
