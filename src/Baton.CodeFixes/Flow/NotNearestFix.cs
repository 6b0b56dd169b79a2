using Baton.Analyzers;
using Baton.Analyzers.Flow;
using Baton.Analyzers.Internal;
using Baton.CodeFixes.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Baton.CodeFixes.Flow;

/// <summary>BTN103: puts the nearest context in the place of the outer one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class NotNearestFix() : EditingFix(Descriptors.NotNearest, "Pass the nearest context")
{
    private protected override void Edit(FixPlace place, SolutionEdits edits)
    {
        if (place.Node is IdentifierNameSyntax outer
            && place.Model.GetSymbolInfo(outer, place.CancellationToken).Symbol is { } symbol
            && NearerContext.Of(symbol, outer, outer, place.Model, place.Known) is { } nearer)
        {
            var name = ContextText.Named(nearer, outer, place, edits);

            // `http.RequestContext` as a whole: the nearer one is a context already.
            ExpressionSyntax whole = !place.Known.IsContext(symbol.TypeOf())
                && outer.Parent is MemberAccessExpressionSyntax access
                && ContextChain.IsOwnContext(access.Name.Identifier.ValueText)
                    ? access
                    : outer;
            edits.Add(place.Document, whole, old => SyntaxFactory.IdentifierName(name).WithTriviaFrom(old));
        }
    }
}
