using Baton.Analyzers;
using Baton.Analyzers.Lifetime;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Operations;

namespace Baton.CodeFixes.Lifetime;

/// <summary>BTN109: waits for the group in the last statement of the block that it belongs to.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class LeftGroupFix() : EditingFix(Descriptors.LeftGroup, "Wait for the group at the end")
{
    private protected override void Edit(FixPlace place, SolutionEdits edits)
    {
        if (place.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } call
            && place.Model.GetOperation(call, place.CancellationToken) is IInvocationOperation operation
            && LeftGroupAnalyzer.LocalOf(operation) is { } local && BlockOf(call) is { } block)
        {
            edits.Add(place.Document, block, old => With(old, $"await {local.Name}.WaitAsync();"));
        }
    }

    private static BlockSyntax? BlockOf(SyntaxNode call) => call.FirstAncestorOrSelf<StatementSyntax>() switch
    {
        UsingStatementSyntax { Statement: BlockSyntax body } => body,
        LocalDeclarationStatementSyntax { Parent: BlockSyntax block } local
            when local.AwaitKeyword.IsKind(SyntaxKind.AwaitKeyword) => block,
        _ => null,
    };

    // Before a return at the end, so that what it gives is there when all tasks have ended.
    private static BlockSyntax With(BlockSyntax block, string text)
    {
        var wait = SyntaxFactory.ParseStatement(text).WithTrailingTrivia(SyntaxFactory.ElasticLineFeed)
            .WithAdditionalAnnotations(Formatter.Annotation);
        var last = block.Statements.LastOrDefault();
        return block.WithStatements(last is ReturnStatementSyntax
            ? block.Statements.Insert(block.Statements.Count - 1, wait)
            : block.Statements.Add(wait));
    }
}
