using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Baton.CodeFixes.Internal;

/// <summary>
/// A fix for one rule: one offer for each place, and Fix All. It looks at everything before it offers itself.
/// </summary>
internal abstract class ContextCodeFix(DiagnosticDescriptor rule) : CodeFixProvider
{
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; } = [rule.Id];

    /// <summary>
    /// For a fix that stays in its document; one that does not has to say how all are fixed.
    /// </summary>
    public override FixAllProvider? GetFixAllProvider() => new InOrderFixAll(this);

    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken)
            .ConfigureAwait(false);
        if (root is null || model is null)
        {
            return;
        }

        foreach (var diagnostic in context.Diagnostics)
        {
            var offer = OfferAsync(FixPlace.Of(context.Document, root, model, diagnostic,
                context.CancellationToken));
            if (await offer.ConfigureAwait(false) is { } action)
            {
                context.RegisterCodeFix(action, diagnostic);
            }
        }
    }

    internal Task<CodeAction?> OfferAtAsync(FixPlace place) => OfferAsync(place);

    /// <summary>
    /// The fix, or null where none is right. Go by the place's node: in Fix All the text has moved on.
    /// </summary>
    private protected virtual CodeAction? Offer(FixPlace place) => null;

    /// <summary>The same, for a fix that has to look at other documents first.</summary>
    private protected virtual Task<CodeAction?> OfferAsync(FixPlace place) => Task.FromResult(Offer(place));

    /// <summary>An offer that changes the one document. Its title is also what Fix All goes by.</summary>
    private protected CodeAction Change(string title, Func<CancellationToken, Task<Document>> change) =>
        new DocumentChange(title, rule.Id, change);

    /// <summary>An offer that changes more than the one document.</summary>
    private protected CodeAction ChangeSolution(
        string title, Func<CancellationToken, Task<Solution>> change) =>
        CodeAction.Create(title, change, equivalenceKey: rule.Id);
}
