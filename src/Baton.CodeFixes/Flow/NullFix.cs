using Baton.Analyzers;
using Baton.Analyzers.Flow;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.CodeFixes.Flow;

/// <summary>
/// BTN107: gives the context in scope, or Todo. A default of a parameter has to be a constant, so it stays.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class NullFix() : EditingFix(Descriptors.Null, "Give a context")
{
    private protected override void Edit(FixPlace place, SolutionEdits edits)
    {
        if (place.Node.FirstAncestorOrSelf<ExpressionSyntax>(node =>
            node.Span == place.Diagnostic.Location.SourceSpan) is { } nothing
            && !nothing.Ancestors().Any(node => node is EqualsValueClauseSyntax { Parent: ParameterSyntax }))
        {
            var remedy = NullAnalyzer.Remedy(nothing, place.Model, place.Known);
            var text = remedy is NullAnalyzer.NoContext
                ? ContextText.TypeAt(nothing.SpanStart, place) + ".Todo"
                : remedy;
            edits.Add(place.Document, nothing,
                old => SyntaxFactory.ParseExpression(text).WithTriviaFrom(old));
        }
    }
}
