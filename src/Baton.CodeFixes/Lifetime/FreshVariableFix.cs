using Baton.Analyzers;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.CodeFixes.Lifetime;

/// <summary>BTN002: a new variable in the block, which what follows in it uses.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class FreshVariableFix() : ContextCodeFix(Descriptors.GrowsInLoop)
{
    private protected override CodeAction? Offer(FixPlace place)
    {
        if (place.Node.FirstAncestorOrSelf<AssignmentExpressionSyntax>()
            is not { Left: IdentifierNameSyntax target } assignment
            || assignment.Parent is not ExpressionStatementSyntax { Parent: BlockSyntax block } statement
            || place.Model.GetSymbolInfo(target, place.CancellationToken).Symbol
                is not (ILocalSymbol or IParameterSymbol)
            || Later(target, statement, place) is not { } later
            || !later.All(use => block.Span.Contains(use.Span) && !Uses.IsWrite(use)))
        {
            return null;
        }

        var isUsing = place.Known.IsCancelable(
            place.Model.GetTypeInfo(assignment.Right, place.CancellationToken).Type);
        return Change(
            isUsing ? "Derive into a new 'using var'" : "Derive into a new variable",
            _ => Task.FromResult(Rename(place, statement, assignment, later, isUsing)));
    }

    // What comes after the statement, in the function that has the variable.
    private static List<IdentifierNameSyntax>? Later(
        IdentifierNameSyntax target, StatementSyntax statement, FixPlace place)
    {
        var symbol = place.Model.GetSymbolInfo(target, place.CancellationToken).Symbol;
        var scope = statement.Ancestors().LastOrDefault(node =>
            node is not (CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax))
            is MemberDeclarationSyntax and not GlobalStatementSyntax and var member ? member : place.Root;
        return symbol is null
            ? null : [.. Uses.Of(symbol, scope, place).Where(use => use.SpanStart > statement.Span.End)];
    }

    private static Document Rename(
        FixPlace place, ExpressionStatementSyntax statement, AssignmentExpressionSyntax assignment,
        List<IdentifierNameSyntax> later, bool isUsing)
    {
        var name = Statements.FreeName(place, "child");
        var declaration = Statements.Declare(name, assignment.Right, isUsing).WithTriviaFrom(statement);
        var root = place.Root.ReplaceNodes(
            later.Cast<SyntaxNode>().Append(statement),
            (original, changed) => original == statement
                ? declaration
                : ((IdentifierNameSyntax)changed).WithIdentifier(SyntaxFactory.Identifier(name)
                    .WithTriviaFrom(((IdentifierNameSyntax)changed).Identifier)));
        return place.Document.WithSyntaxRoot(root);
    }
}
