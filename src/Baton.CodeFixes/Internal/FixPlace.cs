using Baton.Analyzers.Internal;
using Microsoft.CodeAnalysis;

namespace Baton.CodeFixes.Internal;

/// <summary>Where a rule was broken, and what one needs to know to mend it.</summary>
internal readonly record struct FixPlace(
    Document Document,
    SyntaxNode Root,
    SemanticModel Model,
    SyntaxNode Node,
    Diagnostic Diagnostic,
    CancellationToken CancellationToken)
{
    /// <summary>What the rules know; they report nothing where there is none.</summary>
    internal KnownSymbols Known => KnownSymbols.Of(Model.Compilation)!;

    internal static FixPlace Of(
        Document document, SyntaxNode root, SemanticModel model, Diagnostic diagnostic,
            CancellationToken cancellationToken) =>
        new(document, root, model, NodeAt(root, diagnostic), diagnostic, cancellationToken);

    internal static SyntaxNode NodeAt(SyntaxNode root, Diagnostic diagnostic) =>
        root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);

    /// <summary>The document with one node replaced by another.</summary>
    internal Task<Document> Replace(SyntaxNode old, SyntaxNode with) =>
        Task.FromResult(Document.WithSyntaxRoot(Root.ReplaceNode(old, with)));
}
