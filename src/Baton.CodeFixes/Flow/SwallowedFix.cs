using Baton.Analyzers;
using Baton.Analyzers.Flow;
using Baton.Analyzers.Internal;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.CodeFixes.Flow;

/// <summary>BTN106: adds the filter.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class SwallowedFix() : EditingFix(Descriptors.Swallowed, "Let a cancellation through")
{
    private protected override void Edit(FixPlace place, SolutionEdits edits)
    {
        if (place.Node.FirstAncestorOrSelf<CatchClauseSyntax>()
            is { Parent: TryStatementSyntax attempt } clause
            && ContextScope.NearestContext(attempt, place.Model, place.Known, place.CancellationToken)
                is { } scope)
        {
            edits.Add(place.Document, clause, old => Filtered(old, SwallowedAnalyzer.Question(scope)));
        }
    }

    // `catch when (!ctx.IsDone)`, with what ended the line before it at the end of the line still.
    private static CatchClauseSyntax Filtered(CatchClauseSyntax clause, string question)
    {
        var last = clause.Declaration?.CloseParenToken ?? clause.CatchKeyword;
        var filter = SyntaxFactory.CatchFilterClause(SyntaxFactory.ParseExpression("!" + question))
            .WithWhenKeyword(SyntaxFactory.Token(SyntaxKind.WhenKeyword)
                .WithTrailingTrivia(SyntaxFactory.Space))
            .WithTrailingTrivia(last.TrailingTrivia);
        return clause.ReplaceToken(last, last.WithTrailingTrivia(SyntaxFactory.Space)).WithFilter(filter);
    }
}
