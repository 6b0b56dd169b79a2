using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Baton.CodeFixes.Internal;

/// <summary>
/// Fixes a document's places one after the other, each in the text the last one left. Roslyn's batch fixer
/// merges texts instead, and drops what two fixes insert at one place.
/// </summary>
internal sealed class InOrderFixAll(ContextCodeFix fix) : DocumentBasedFixAllProvider
{
    protected override async Task<Document?> FixAllAsync(
        FixAllContext fixAllContext, Document document, ImmutableArray<Diagnostic> diagnostics)
    {
        var cancellationToken = fixAllContext.CancellationToken;
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        if (root is null)
        {
            return null;
        }

        var places = diagnostics.OrderBy(one => one.Location.SourceSpan.Start)
            .Select(one => (Diagnostic: one, Node: FixPlace.NodeAt(root, one))).ToList();
        document = document.WithSyntaxRoot(root.TrackNodes(places.Select(place => place.Node).Distinct()));
        foreach (var (diagnostic, original) in places)
        {
            document = await FixOne(document, original, diagnostic, cancellationToken).ConfigureAwait(false);
        }

        return document;
    }

    private async Task<Document> FixOne(
        Document document, SyntaxNode original, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        return root?.GetCurrentNode(original) is { } node && model is not null
            && await fix.OfferAtAsync(
                new FixPlace(document, root, model, node, diagnostic, cancellationToken))
                .ConfigureAwait(false) is DocumentChange offer
            ? await offer.MakeAsync(cancellationToken).ConfigureAwait(false)
            : document;
    }
}
